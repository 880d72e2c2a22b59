// `npm run docs`: writes the pages that are generated from the code.
import { writeFile } from 'node:fs/promises';
import { renderConfigurationPage } from './configuration-page.ts';

await writeFile('docs/configuration.md', renderConfigurationPage());
console.log('docs/configuration.md');
