/** A single value or several; the empty string and the empty list both stand for "absent". */
type AttributeValue = string | readonly string[];

/** The fixed shape of one kind of record: the same attributes in the same order for every one. */
export interface RecordLayout<Name extends string> {
  readonly attributes: readonly Name[];
  /** One `addRequest`, each attribute on its line, absent values as one empty `<value/>`. */
  render(id: string, values: Readonly<Record<Name, AttributeValue>>): string;
}

const SPECIAL = /[&<>']/;
const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', "'": '&apos;' };

/** Escapes text for XML content, apostrophes included as real feeds do. */
function escapeXml(text: string): string {
  return SPECIAL.test(text) ? text.replace(/[&<>']/g, (character) => ENTITIES[character]!) : text;
}

function renderValue(value: AttributeValue): string {
  if (typeof value === 'string') return value === '' ? '<value/>' : `<value>${escapeXml(value)}</value>`;
  if (value.length === 0) return '<value/>';
  let text = '';
  for (const one of value) text += `<value>${escapeXml(one)}</value>`;
  return text;
}

/** Declares a kind of record: its operational attribute, the value of it, and the attributes in file order. */
export function defineLayout<const Names extends readonly string[]>(
  category: string,
  categoryValue: string,
  attributes: Names,
): RecordLayout<Names[number]> {
  const before =
    `<addRequest>\n<operationalAttributes><attr name="${category}"><value>${categoryValue}</value></attr>` +
    '</operationalAttributes>\n<identifier><id>';
  const openings = attributes.map((name) => `<attr name="${name}">`);
  return {
    attributes,
    render(id, values) {
      let text = `${before}${escapeXml(id)}</id></identifier>\n<attributes>\n`;
      for (let i = 0; i < attributes.length; i += 1) {
        const name: Names[number] = attributes[i]!;
        text += `${openings[i]!}${renderValue(values[name])}</attr>\n`;
      }
      return `${text}</attributes>\n</addRequest>\n`;
    },
  };
}
