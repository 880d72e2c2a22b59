/** The modifyRequest that turns one record into the next, both as complete feeds write them; undefined when they are alike. */
export function diffRecords(before: string, after: string): string | undefined {
  if (before === after) return undefined;
  const old = new Set(before.split('\n'));
  const lines = after.split('\n');
  const start = lines.indexOf('<attributes>');
  const changed = lines.slice(start + 1).flatMap((line) => {
    if (!line.startsWith('<attr ') || old.has(line)) return [];
    const name = line.slice(line.indexOf('"') + 1, line.indexOf('">'));
    const values = line.slice(line.indexOf('">') + 2, -'</attr>'.length);
    return [`<modification name="${name}" operation="replace">${values}</modification>`];
  });
  const head = ['<modifyRequest>', ...lines.slice(1, start)];
  return `${[...head, '<modifications>', ...changed, '</modifications>', '</modifyRequest>'].join('\n')}\n`;
}

/** The deleteRequest for a record. */
export function deleteRecord(record: string): string {
  const lines = record.split('\n');
  return `${['<deleteRequest>', ...lines.slice(1, lines.indexOf('<attributes>')), '</deleteRequest>'].join('\n')}\n`;
}
