import { HtmlValidate } from 'html-validate';

/** Rules of HTML itself (nesting, attributes and their values, tags that close), none of taste. */
const RULES = [
  'attribute-allowed-values',
  'attribute-misuse',
  'close-attr',
  'close-order',
  'deprecated',
  'doctype-html',
  'element-permitted-content',
  'element-permitted-occurrences',
  'element-permitted-parent',
  'element-required-ancestor',
  'element-required-attributes',
  'element-required-content',
  'map-dup-name',
  'no-dup-attr',
  'no-dup-id',
  'no-implicit-close',
  'no-raw-characters',
  'no-unknown-elements',
  'script-element',
  'void-content',
] as const;

const validator = new HtmlValidate({
  extends: [],
  elements: ['html5'],
  rules: Object.fromEntries(RULES.map((rule) => [rule, 'error'])),
});

/** What is invalid in the source of a page, a line for each; empty for a valid one. */
export async function findInvalid(source: string): Promise<readonly string[]> {
  const { results } = await validator.validateString(source);
  return results.flatMap(({ messages }) =>
    messages.map(({ ruleId, message, line }) => `${ruleId}: ${message} (line ${line})`),
  );
}
