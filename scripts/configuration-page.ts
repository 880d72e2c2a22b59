import { environmentSchema } from '../services/socle/src/config.ts';

/** The text of docs/configuration.md: one row a variable, from the schema that the service itself obeys. */
export function renderConfigurationPage(): string {
  const rows = Object.entries(environmentSchema.shape).map(([name, rule]) => {
    const answer = rule.safeParse(undefined);
    const value =
      answer.success && answer.data !== undefined && answer.data !== '' ? `\`${String(answer.data)}\`` : '–';
    return `| \`${name}\` | ${value} | ${rule.description ?? ''} |`;
  });
  return [
    '# Configuration',
    '',
    'The service reads these environment variables and no other that starts with `SOCLE_`: an unknown one is refused.',
    'This page is generated (`npm run docs`) from `services/socle/src/config.ts`.',
    '',
    '| variable | default | effect |',
    '|---|---|---|',
    ...rows,
    '',
    'School modules have variables of their own, named after the module: see `services/grades/README.md`.',
    '',
  ].join('\n');
}
