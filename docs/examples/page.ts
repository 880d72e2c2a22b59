// A service of one page, with the kit's headers and files: `node docs/examples/page.ts`, then open the address it prints.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  chooseLanguage,
  defineStrings,
  html,
  loadPageAssets,
  renderPage,
  securityHeaders,
  tileGrid,
} from '@socle/pages';

const strings = defineStrings({
  fr: { title: 'Mes services', notes: 'Notes', seen: (count: number) => `Vous êtes la visite no ${count} !` },
  en: { title: 'My services', notes: 'Marks', seen: (count) => `You are visit number ${count}!` },
});
const assets = loadPageAssets();
let visits = 0;

const server = createServer((request, response) => {
  const { pathname } = new URL(request.url ?? '/', 'http://localhost');
  const file = assets.find(pathname);
  if (file) {
    response.writeHead(200, {
      'content-type': file.contentType,
      'cache-control': file.cacheControl,
      etag: file.etag,
    });
    response.end(file.body);
    return;
  }
  const language = chooseLanguage(request.headers['accept-language']);
  const words = strings[language];
  visits += 1;
  const body = html`${tileGrid([{ title: words.notes, href: '/notes', icon: 'notebook' }])}<p>${words.seen(visits)}</p>`;
  response.writeHead(200, { ...securityHeaders(), 'content-type': 'text/html; charset=utf-8' });
  response.end(
    renderPage({ title: words.title, language, assets, body, school: { name: 'Collège Jeanne-Barret' } }),
  );
});
server.listen(0, '127.0.0.1', () =>
  console.log(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`),
);
