import { button, buttonRow } from '../components/button.ts';
import { card, stack } from '../components/card.ts';
import { checkboxGroup, radioGroup } from '../components/choices.ts';
import { confirmCard, confirmDialog, disclosure } from '../components/dialog.ts';
import { errorSummary } from '../components/error-summary.ts';
import { textField } from '../components/form-field.ts';
import { form } from '../components/form.ts';
import { progress } from '../components/progress.ts';
import { searchField } from '../components/search-field.ts';
import { selectField } from '../components/select-field.ts';
import { dateField, fileField, periodField } from '../components/special-fields.ts';
import { stepList } from '../components/step-list.ts';
import { switchControl } from '../components/switch.ts';
import { html, join } from '../html.ts';
import type { Language } from '../languages/language.ts';
import { flashMessage } from '../page/flash.ts';
import { codes } from './code-components.ts';
import { longName, longWord, say, state, type CatalogueEntry } from './entry.ts';

/** Components that people act with. */
export const actingComponents: readonly CatalogueEntry[] = [
  {
    name: 'fields',
    title: { fr: 'Champs', en: 'Fields' },
    page: (language, base) => ({ body: fields(language, base) }),
  },
  {
    name: 'errors',
    title: { fr: 'Erreurs d’un formulaire', en: 'Errors of a form' },
    page: (language, base) => ({ body: errors(language, base) }),
  },
  {
    name: 'codes',
    title: { fr: 'Codes et images', en: 'Codes and pictures' },
    page: (language, base) => ({ body: codes(language, base) }),
  },
  {
    name: 'choices',
    title: { fr: 'Interrupteurs et choix', en: 'Switches and choices' },
    page: (language, base) => ({ body: choices(language, base) }),
  },
  {
    name: 'messages',
    title: { fr: 'Messages, étapes, avancement', en: 'Messages, steps, progress' },
    page: (language, base) => ({ body: messages(language, base) }),
  },
  {
    name: 'dialogs',
    title: { fr: 'Questions avant d’agir', en: 'Questions before acting' },
    page: (language, base) => ({ body: dialogs(language, base) }),
  },
];

function fields(language: Language, base: string) {
  return join([
    state(
      say(language, 'Rechercher', 'Search'),
      searchField({
        language,
        action: base,
        label: say(language, 'Chercher un élève', 'Find a pupil'),
        hint: say(language, 'Nom, prénom ou classe', 'Name or class'),
      }),
    ),
    state(
      say(language, 'Un formulaire', 'A form'),
      form({
        action: base,
        body: [
          textField({
            language,
            name: 'title',
            label: say(language, 'Titre du devoir', 'Title of the assessment'),
            value: 'Fractions',
          }),
          selectField({
            language,
            name: 'division',
            label: say(language, 'Classe', 'Class'),
            prompt: say(language, 'Choisir une classe', 'Choose a class'),
            choices: [
              { value: '4b', label: '4e B' },
              { value: 'long', label: longWord },
            ],
            width: 'medium',
          }),
          dateField({ language, name: 'day', label: say(language, 'Date', 'Date'), value: '2026-03-12' }),
          periodField({
            language,
            name: 'period',
            legend: say(language, 'Période', 'Period'),
            from: { value: '2026-03-01' },
            optional: true,
          }),
          textField({
            language,
            name: 'coefficient',
            label: 'Coefficient',
            width: 'short',
            inputMode: 'decimal',
            value: '1',
            optional: true,
          }),
          textField({
            language,
            name: 'note',
            label: say(language, 'Un mot aux familles', 'A word to families'),
            rows: 3,
            maxLength: 300,
            optional: true,
          }),
          fileField({
            language,
            name: 'file',
            label: say(language, 'Pièce jointe', 'Attachment'),
            hint: say(language, 'PDF ou image, 10 Mo au plus', 'PDF or picture, up to 10 MB'),
            accept: '.pdf,image/*',
            optional: true,
          }),
          buttonRow(
            button({ label: say(language, 'Créer le devoir', 'Create the assessment') }),
            button({ label: say(language, 'Annuler', 'Cancel'), kind: 'quiet', type: 'reset' }),
          ),
        ],
      }),
    ),
  ]);
}

function errors(language: Language, base: string) {
  const login = say(language, 'Écrivez votre identifiant.', 'Write your login.');
  const day = say(
    language,
    'Choisissez un jour avant la fin du trimestre, le 14 mars.',
    'Choose a day before the end of the term, 14 March.',
  );
  return join([
    errorSummary(
      [
        { name: 'login', message: login },
        { name: 'day', message: day },
      ],
      language,
    ),
    form({
      action: base,
      body: [
        textField({
          language,
          name: 'login',
          label: say(language, 'Identifiant', 'Login'),
          error: login,
          hint: say(language, 'Il est sur votre fiche.', 'It is on your sheet.'),
        }),
        textField({
          language,
          name: 'password',
          type: 'password',
          label: say(language, 'Mot de passe', 'Password'),
          autocomplete: 'current-password',
        }),
        dateField({ language, name: 'day', label: say(language, 'Date', 'Date'), error: day }),
        button({ label: say(language, 'Enregistrer', 'Save') }),
      ],
    }),
  ]);
}

function choices(language: Language, base: string) {
  const shared = { language, action: base };
  return join([
    state(
      say(language, 'Interrupteurs', 'Switches'),
      card({
        body: stack(
          switchControl({
            ...shared,
            name: 'photos',
            on: true,
            label: say(language, 'Photos de Léa sur le blog de la classe', 'Photos of Léa on the class blog'),
            consequence: say(
              language,
              'Si vous refusez, les photos sont retirées aujourd’hui.',
              'If you refuse, photos are removed today.',
            ),
          }),
          switchControl({
            ...shared,
            name: 'mail',
            on: false,
            label: say(language, 'Résumé du lundi par courriel', 'Monday summary by e-mail'),
            consequence: say(
              language,
              'Un message par semaine, sans aucune note dedans.',
              'One message a week, without any mark in it.',
            ),
          }),
          switchControl({
            ...shared,
            name: 'long',
            on: false,
            disabled: true,
            label: longWord,
            consequence: longName,
          }),
        ),
      }),
    ),
    state(
      say(language, 'Choix', 'Choices'),
      form({
        action: base,
        body: [
          radioGroup({
            language,
            name: 'answer',
            label: say(language, 'Léa participera à la sortie ?', 'Will Léa take part in the trip?'),
            value: 'yes',
            choices: [
              { value: 'yes', label: say(language, 'Oui, je donne mon accord', 'Yes, I agree') },
              {
                value: 'no',
                label: say(language, 'Non', 'No'),
                hint: say(language, 'Elle restera en étude.', 'She stays in the study room.'),
              },
            ],
          }),
          checkboxGroup({
            language,
            name: 'days',
            label: say(language, 'Jours de cantine', 'Canteen days'),
            values: ['1'],
            choices: [
              { value: '1', label: say(language, 'Lundi', 'Monday') },
              { value: '2', label: say(language, 'Mardi', 'Tuesday') },
            ],
          }),
          button({ label: say(language, 'Donner ma réponse', 'Give my answer') }),
        ],
      }),
    ),
  ]);
}

function messages(language: Language, base: string) {
  return join([
    state(
      say(language, 'Messages', 'Messages'),
      flashMessage(
        {
          kind: 'good',
          text: say(language, 'Les 24 notes sont publiées.', 'The 24 marks are published.'),
          undo: { action: base },
        },
        language,
      ),
      flashMessage(
        {
          kind: 'information',
          text: say(language, 'Le trimestre se ferme vendredi.', 'The term closes on Friday.'),
        },
        language,
      ),
      flashMessage({ kind: 'warning', text: longWord }, language),
      flashMessage(
        {
          kind: 'danger',
          text: say(
            language,
            'Rien n’a été enregistré. Réessayez dans une minute ; sinon, prévenez le secrétariat.',
            'Nothing was saved. Try again in a minute; otherwise tell the office.',
          ),
        },
        language,
      ),
    ),
    state(
      say(language, 'Étapes', 'Steps'),
      stepList({
        language,
        label: say(language, 'Première connexion', 'First sign-in'),
        steps: [
          { label: say(language, 'Votre fiche', 'Your sheet'), state: 'done' },
          {
            label: say(language, 'Votre mot de passe', 'Your password'),
            note: say(language, 'Douze caractères au moins', 'At least twelve characters'),
            state: 'current',
          },
          { label: longName, state: 'to-do' },
        ],
      }),
    ),
    state(
      say(language, 'Avancement', 'Progress'),
      progress({
        language,
        id: 'import',
        label: say(language, 'Import des élèves', 'Import of pupils'),
        done: 1280,
        total: 3400,
        note: say(language, 'Encore deux minutes environ', 'About two more minutes'),
      }),
      progress({
        language,
        id: 'unknown',
        label: say(language, 'Lecture du fichier', 'Reading the file'),
        done: 210,
      }),
    ),
  ]);
}

function dialogs(language: Language, base: string) {
  const question = {
    id: 'suspend',
    title: say(language, 'Suspendre le compte d’Inès Caradec ?', 'Suspend the account of Inès Caradec?'),
    text: say(
      language,
      'Elle ne pourra plus se connecter. Ses notes et ses messages restent. Vous pourrez rouvrir le compte à tout moment.',
      'She can no longer sign in. Her marks and messages stay. You can reopen the account at any time.',
    ),
    action: base,
    confirm: say(language, 'Suspendre le compte', 'Suspend the account'),
    cancel: say(language, 'Ne rien changer', 'Change nothing'),
    cancelHref: '#',
    danger: true,
  };
  return join([
    state(
      say(language, 'Dans la page', 'In the page'),
      html`<p>${confirmDialog({ ...question, href: '#', opener: say(language, 'Suspendre ce compte', 'Suspend this account') })}</p>`,
    ),
    html`<section class="section"><h2>${question.title}</h2>${confirmCard(question)}</section>`,
    state(
      say(language, 'Pour en savoir plus', 'To know more'),
      disclosure({
        summary: say(language, 'Pourquoi cette question ?', 'Why this question?'),
        body: html`<p>${say(language, 'Parce qu’elle touche une personne.', 'Because it concerns a person.')}</p>`,
      }),
    ),
  ]);
}
