// `npm run docs`: writes the pages that are generated from the code.
import { writeFile } from 'node:fs/promises';
import { renderConfigurationPage } from './configuration-page.ts';
import { renderEventsPage } from './events-page.ts';
import { renderVerifierPage } from './verifier-page.ts';

const pages = {
  'docs/configuration.md': renderConfigurationPage(),
  'docs/events.md': await renderEventsPage(),
  'packages/audit/assets/verifier.html': await renderVerifierPage(),
};
for (const [file, text] of Object.entries(pages)) {
  await writeFile(file, text);
  console.log(file);
}
