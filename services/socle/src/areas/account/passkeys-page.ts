import { passkeyForm, type PasskeyEntry } from '@socle/identity';
import { badge, dataTable, emptyState, formatDate, html, nothing, textField } from '@socle/pages';
import type { AreaPage, Visit } from '../visit.ts';
import { act } from './security-page.ts';
import { strings } from './strings.ts';

/** `/account/passkeys`: sees, adds and removes them. */
export function renderPasskeys(
  visit: Visit,
  page: { readonly passkeys: readonly PasskeyEntry[]; readonly options: string; readonly refused?: boolean },
): AreaPage {
  const { language } = visit;
  const words = strings[language];
  const table = dataTable({
    language,
    caption: words.passkeysTitle,
    captionHidden: true,
    rows: page.passkeys,
    empty: emptyState({
      icon: 'fingerprint',
      title: words.passkeysEmptyTitle,
      text: words.passkeysNeedScript,
    }),
    columns: [
      {
        title: words.passkeyName,
        names: true,
        cell: ({ name, backedUp }) =>
          html`${name} ${backedUp ? badge(words.passkeyBackedUp, 'good') : nothing}`,
      },
      { title: words.passkeyAddedAt, cell: ({ addedAt }) => formatDate(language, addedAt) },
      {
        title: words.passkeyUsedAt,
        cell: ({ lastUsedAt }) => (lastUsedAt ? formatDate(language, lastUsedAt) : words.passkeyNever),
      },
      {
        title: words.passkeyRemove,
        cell: ({ id, name }) => act(visit, `/account/passkeys/${id}/removed`, words.passkeyRemove, name),
      },
    ],
  });
  return {
    title: words.passkeysTitle,
    lead: words.passkeysLead,
    tabs: false,
    back: { href: '/account' },
    status: page.refused ? 422 : 200,
    ...(page.refused && { flash: [{ kind: 'danger', title: words.passkeyRefused }] }),
    body: html`${table}${passkeyForm({
      action: '/account/passkeys',
      kind: 'create',
      options: page.options,
      label: words.passkeyAdd,
      failure: words.passkeyRefused,
      fields: visit.fields(),
      body: textField({
        language,
        name: 'name',
        label: words.passkeyName,
        hint: words.passkeyNameHint,
        maxLength: 60,
        autocomplete: 'off',
      }),
    })}`,
  };
}
