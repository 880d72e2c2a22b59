// `npm run docs`: writes the pages that are generated from the code.
import { writeFile } from 'node:fs/promises';
import { renderConfigurationPage } from './configuration-page.ts';
import { renderEventsPage } from './events-page.ts';

const pages = {
  'docs/configuration.md': renderConfigurationPage(),
  'docs/events.md': await renderEventsPage(),
};
for (const [file, text] of Object.entries(pages)) {
  await writeFile(file, text);
  console.log(file);
}
