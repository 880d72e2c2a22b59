import type { Policies } from './load-policies.ts';
import type { PhraseLanguage, Phrases } from './phrases.ts';
import { ANYONE } from './roles.ts';
import type { Rule } from './rules.ts';

/** One cell: the rules by which a role may do an action. */
export interface MatrixCell {
  readonly role: string;
  readonly action: string;
  readonly rules: readonly Rule[];
}

/** Who may do what, by role and action, with the denials that stand above all. */
export function buildMatrix(policies: Policies): {
  readonly roles: readonly string[];
  readonly cells: readonly MatrixCell[];
  readonly denials: readonly Rule[];
} {
  const allowing = policies.rules.filter((rule) => rule.effect === 'allow');
  const roles = [...policies.vocabulary.roles].filter((role) => allowing.some((rule) => rule.role === role));
  const cells = [...policies.vocabulary.actions.keys()].flatMap((action) =>
    roles.map((role) => ({
      role,
      action,
      rules: allowing.filter((rule) => rule.role === role && (rule.action === action || rule.action === '*')),
    })),
  );
  return { roles, cells, denials: policies.rules.filter((rule) => rule.effect === 'deny') };
}

const TITLES = {
  fr: {
    title: 'Qui peut faire quoi',
    denials: 'Interdictions qui l’emportent sur tout',
    policies: 'Règles',
    action: 'Action',
    page: 'Tout ce qui n’est pas écrit est refusé.',
  },
  en: {
    title: 'Who may do what',
    denials: 'Denials that beat all else',
    policies: 'Rules',
    action: 'Action',
    page: 'Whatever is not written is denied.',
  },
} as const;

/** A page to print or to send: one file, no script, nothing loaded from elsewhere. */
export function printMatrix(policies: Policies, phrases: Phrases, language: PhraseLanguage): string {
  const { roles, cells, denials } = buildMatrix(policies);
  const words = TITLES[language];
  const cellText = ({ rules }: MatrixCell): string =>
    rules
      .map((rule) => {
        const asks = [
          ...(rule.role !== ANYONE && rule.scope !== 'school'
            ? [phrases.scopes.get(rule.scope)![language]]
            : []),
          ...(rule.relation === 'any' ? [] : [phrases.relations.get(rule.relation)![language]]),
          ...(rule.condition === 'always' ? [] : [phrases.conditions.get(rule.condition)![language]]),
        ];
        return `<p><b>✓</b> ${escape(asks.join(', '))} <small>${escape(rule.id)}</small></p>`;
      })
      .join('');
  const tables = [...policies.vocabulary.objects.values()].map((object) => {
    const used = roles.filter((role) =>
      cells.some(
        (cell) => cell.role === role && object.actions.includes(cell.action) && cell.rules.length > 0,
      ),
    );
    const rows = object.actions.map((action) => {
      const filled = used.map((role) => {
        const cell = cells.find((candidate) => candidate.role === role && candidate.action === action)!;
        return `<td>${cell.rules.length === 0 ? '–' : cellText(cell)}</td>`;
      });
      return `<tr><th scope="row">${escape(capitalise(phrases.actions.get(action)![language]))}<br><code>${escape(action)}</code></th>${filled.join('')}</tr>`;
    });
    const heads = used.map(
      (role) => `<th scope="col">${escape(capitalise(phrases.roles.get(role)![language]))}</th>`,
    );
    return `<section><h2>${escape(phrases.objects.get(object.name)![language])}</h2><table><thead><tr><th scope="col">${words.action}</th>${heads.join('')}</tr></thead><tbody>${rows.join('\n')}</tbody></table></section>`;
  });
  const forbidden = denials.map((rule) => {
    const asks = [
      rule.relation === 'any' ? undefined : phrases.relations.get(rule.relation)![language],
      rule.condition === 'always' ? undefined : phrases.conditions.get(rule.condition)![language],
    ];
    return `<li>${escape(asks.filter((text) => text !== undefined).join(', '))} <small>${escape(rule.id)}</small></li>`;
  });
  return `<!doctype html>
<html lang="${language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${words.title}</title><style>
body{font:15px/1.4 system-ui,sans-serif;margin:2rem;color:#1b1b1b;background:#fff}
section{overflow-x:auto}table{border-collapse:collapse;margin-bottom:2rem}
th,td{border:1px solid #999;padding:.35rem .5rem;text-align:left;vertical-align:top}thead th{background:#eee}
td p{margin:0 0 .25rem}code,small{color:#555}
@media print{body{margin:0;font-size:10px}section{break-inside:avoid}@page{size:A4 landscape;margin:12mm}}
</style></head><body><h1>${words.title}</h1><p>${words.page}</p><p>${words.policies}: ${policies.rules.length} · <code>${policies.digest}</code></p>
<h2>${words.denials}</h2><ul>${forbidden.join('')}</ul>
${tables.join('\n')}
</body></html>
`;
}

function capitalise(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function escape(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
