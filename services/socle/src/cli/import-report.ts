import type { ImportResult } from '@socle/directory';

/** What an import did, in lines for a person. */
export function describeImport(report: ImportResult): string[] {
  const feed = ['schools', 'pupils', 'relatives', 'staff', 'classes', 'groups'] as const;
  const actions = ['created', 'changed', 'unchanged', 'suspended', 'refused'] as const;
  return [
    `in the feed: ${feed.map((name) => `${report[name]} ${name}`).join(', ')}`,
    `links: ${report.links.legal} legal, ${report.links.inCharge} in charge, ${report.links.contact} contact`,
    `people: ${actions.map((name) => `${report[name]} ${name}`).join(', ')}`,
    ...report.warnings.map(
      (warning) => `warning: ${warning.kind} × ${warning.count} (for instance ${warning.sample.join(', ')})`,
    ),
  ];
}
