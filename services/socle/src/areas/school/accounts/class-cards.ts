import { button, card, checkbox, form, html, radioGroup, selectField, type Fragment } from '@socle/pages';
import type { Visit } from '../../visit.ts';
import type { SchoolClass } from './school-class.ts';
import { accountStrings } from './strings.ts';

/** The sessions that the class has open, and their end. */
export function lessonCard(visit: Visit, { division }: SchoolClass, open: number): Fragment {
  const words = accountStrings[visit.language];
  return card({
    title: words.lessonTitle,
    icon: 'logout',
    note: words.openSessions(open),
    body: html`<p>${words.lessonText}</p>`,
    actions: form({
      action: `/school/accounts/classes/${division.id}/end-lesson`,
      fields: visit.fields(),
      body: button({ label: words.endLesson, icon: 'logout' }),
    }),
  });
}

/** Badges for those who do not read yet. */
export function badgesCard(visit: Visit, { division }: SchoolClass): Fragment {
  const { language } = visit;
  const words = accountStrings[language];
  return card({
    title: words.badgesTitle,
    icon: 'id-badge-2',
    note: words.badgesNote,
    body: form({
      action: `/school/accounts/classes/${division.id}/badges`,
      fields: visit.fields(),
      body: [
        html`<p>${words.badgesText}</p>`,
        checkbox({ name: 'pictures', value: 'new', label: words.newPictures, hint: words.newPicturesHint }),
        languageField(visit, 'badge-language'),
        button({ label: words.printBadges, icon: 'printer' }),
      ],
    }),
  });
}

// Names differ from card to card: ids of a page are made of them.
function languageField({ language }: Visit, name: string): Fragment {
  return selectField({
    language,
    name,
    label: accountStrings[language].sheetsLanguage,
    value: language,
    choices: [
      { value: 'fr', label: 'Français' },
      { value: 'en', label: 'English' },
    ],
    width: 'medium',
  });
}

/** Sheets for pupils without a password, or for the whole class. */
export function sheetsCard(visit: Visit, { division }: SchoolClass): Fragment {
  const words = accountStrings[visit.language];
  return printCard(visit, {
    title: words.sheetsTitle,
    note: words.sheetsNote,
    action: `/school/accounts/classes/${division.id}/sheets`,
    name: 'who',
    label: words.sheetsWho,
    missing: words.sheetsMissing,
    all: words.sheetsAll,
    language: 'language',
  });
}

/** Codes for the parents of the class. */
export function parentsCard(visit: Visit, { division }: SchoolClass): Fragment {
  const words = accountStrings[visit.language];
  return printCard(visit, {
    title: words.parentsTitle,
    note: words.parentsNote,
    action: `/school/accounts/classes/${division.id}/parents`,
    name: 'parents',
    label: words.parentsWho,
    missing: words.sheetsMissing,
    all: words.parentsAll,
    language: 'parents-language',
  });
}

function printCard(
  visit: Visit,
  options: Readonly<
    Record<'title' | 'note' | 'action' | 'name' | 'label' | 'missing' | 'all' | 'language', string>
  >,
): Fragment {
  const { language } = visit;
  const words = accountStrings[language];
  return card({
    title: options.title,
    icon: 'printer',
    note: options.note,
    body: form({
      action: options.action,
      fields: visit.fields(),
      body: [
        radioGroup({
          language,
          name: options.name,
          label: options.label,
          value: 'missing',
          choices: [
            { value: 'missing', label: options.missing },
            { value: 'all', label: options.all, hint: words.sheetsAllHint },
          ],
        }),
        languageField(visit, options.language),
        html`<div class="button-row">${button({ label: words.printPdf, icon: 'printer', name: 'format', value: 'pdf', about: options.title })}${button({ label: words.printPage, kind: 'secondary', name: 'format', value: 'page', about: options.title })}</div>`,
      ],
    }),
  });
}
