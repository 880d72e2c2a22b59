import { lineChart } from '../charts/line-chart.ts';
import { dotDistribution } from '../charts/dot-distribution.ts';
import { badge } from '../components/badge.ts';
import { button, buttonLink } from '../components/button.ts';
import { card, section, stack } from '../components/card.ts';
import { checkbox } from '../components/choices.ts';
import { dataTable } from '../components/data-table.ts';
import { figure, figures } from '../components/description-list.ts';
import { textField } from '../components/form-field.ts';
import { form } from '../components/form.ts';
import { tileGrid } from '../components/tile.ts';
import { trustNote } from '../components/trust-note.ts';
import { html } from '../html.ts';
import { formatNumber } from '../languages/format.ts';
import type { Language } from '../languages/language.ts';
import type { PageOptions } from '../page/page-options.ts';
import { say, type CatalogueEntry } from './entry.ts';

const school = { name: 'Collège Jeanne-Barret', href: '#' };

/** Whole pages, as people meet them. */
export const wholePages: readonly CatalogueEntry[] = [
  { name: 'portal', title: { fr: 'Page entière : le portail', en: 'Whole page: the portal' }, page: portal },
  {
    name: 'sign-in',
    title: { fr: 'Page entière : la connexion', en: 'Whole page: signing in' },
    page: signIn,
  },
  {
    name: 'marks',
    title: { fr: 'Page entière : les notes d’un élève', en: 'Whole page: a pupil’s marks' },
    page: marks,
  },
];

function frame(base: string): Pick<PageOptions, 'school' | 'signOut' | 'languageSwitch'> {
  return {
    school,
    signOut: { action: base },
    languageSwitch: { action: `${base}/language`, returnTo: base },
  };
}

function portal(language: Language, base: string): Partial<PageOptions> & Pick<PageOptions, 'body'> {
  const tiles = [
    {
      title: say(language, 'Notes', 'Marks'),
      description: say(language, 'Les notes et les moyennes de Léa', 'Léa’s marks and averages'),
      icon: 'notebook',
      news: say(language, '2 nouvelles notes', '2 new marks'),
      href: '#',
    },
    {
      title: say(language, 'Absences', 'Absences'),
      description: say(language, 'Prévenir, justifier, suivre', 'Tell, justify, follow'),
      icon: 'calendar-off',
      href: '#',
    },
    {
      title: say(language, 'Messagerie', 'Messages'),
      description: say(language, 'Écrire aux enseignants', 'Write to the teachers'),
      icon: 'mail',
      href: '#',
    },
    {
      title: say(language, 'Ressources', 'Resources'),
      description: say(language, 'Manuels et documents de la classe', 'Textbooks and papers of the class'),
      icon: 'books',
      href: '#',
    },
  ];
  return {
    ...frame(base),
    title: say(language, 'Bonjour Nadia', 'Good morning Nadia'),
    lead: say(language, 'Léa a cours jusqu’à 16 h 30 aujourd’hui.', 'Léa has lessons until 4.30 pm today.'),
    person: {
      displayName: 'Nadia Benchérif',
      role: say(language, 'Parent de Léa', 'Parent of Léa'),
      href: '#',
    },
    areas: [
      { label: say(language, 'Accueil', 'Home'), icon: 'home', href: '#', current: true },
      { label: say(language, 'Mes enfants', 'My children'), icon: 'users', href: '#' },
      { label: 'Messages', icon: 'mail', href: '#', count: 3 },
      { label: say(language, 'Mes accords', 'My consents'), icon: 'clipboard-check', href: '#' },
      { label: say(language, 'Mon compte', 'My account'), icon: 'user', href: '#' },
    ],
    body: stack(
      section({ title: say(language, 'Mes services', 'My services'), body: tileGrid(tiles) }),
      section({
        title: say(language, 'À faire', 'To do'),
        body: card({
          icon: 'clipboard-check',
          level: 3,
          title: say(
            language,
            'Une sortie au musée attend votre réponse',
            'A museum trip waits for your answer',
          ),
          note: say(language, 'Léa, 4e B · jeudi 12 mars', 'Léa, 4e B · Thursday 12 March'),
          actions: html`${buttonLink({ label: say(language, 'Lire et répondre', 'Read and answer'), href: '#', kind: 'primary' })}`,
        }),
      }),
    ),
  };
}

function signIn(language: Language, base: string): Partial<PageOptions> & Pick<PageOptions, 'body'> {
  const fields = [
    textField({
      language,
      name: 'username',
      label: say(language, 'Identifiant', 'Login'),
      hint: say(
        language,
        'Il est écrit sur la fiche donnée par l’école.',
        'It is on the sheet your school gave you.',
      ),
      autocomplete: 'username',
      spellcheck: false,
    }),
    textField({
      language,
      name: 'password',
      type: 'password',
      label: say(language, 'Mot de passe', 'Password'),
      autocomplete: 'current-password',
    }),
    checkbox({
      name: 'shared',
      label: say(language, 'Cet ordinateur est partagé', 'This computer is shared'),
    }),
    button({ label: say(language, 'Se connecter', 'Sign in'), wide: true }),
  ];
  return {
    layout: 'entrance',
    school,
    languageSwitch: { action: `${base}/language`, returnTo: base },
    title: say(language, 'Se connecter', 'Sign in'),
    lead: say(language, 'Pour continuer vers Notes', 'To continue to Marks'),
    body: form({ action: base, body: fields }),
  };
}

function marks(language: Language, base: string): Partial<PageOptions> & Pick<PageOptions, 'body'> {
  const rows = [
    { name: say(language, 'Fractions', 'Fractions'), day: '12/01', mark: 15.5, average: 12.3, isNew: true },
    {
      name: say(language, 'Théorème de Pythagore', 'Pythagoras'),
      day: '15/12',
      mark: 14,
      average: 11.8,
      isNew: false,
    },
    {
      name: say(language, 'Calcul littéral', 'Algebra'),
      day: '24/11',
      mark: 12,
      average: 12.1,
      isNew: false,
    },
    {
      name: say(language, 'Nombres relatifs', 'Signed numbers'),
      day: '13/10',
      mark: 10.5,
      average: 11.2,
      isNew: false,
    },
  ];
  const past = rows.toReversed();
  return {
    ...frame(base),
    service: say(language, 'Notes', 'Marks'),
    person: { displayName: 'Léa Benchérif', role: say(language, 'Élève, 4e B', 'Pupil, 4e B'), href: '#' },
    title: say(language, 'Mathématiques', 'Mathematics'),
    lead: say(language, 'M. Kervella · deuxième trimestre', 'Mr Kervella · second term'),
    back: { href: '#', label: say(language, 'Toutes mes matières', 'All my subjects') },
    body: stack(
      figures([
        figure({
          value: formatNumber(language, 13),
          label: say(language, 'ma moyenne sur 20', 'my average out of 20'),
        }),
        figure({
          value: formatNumber(language, 15.5),
          label: say(language, 'ma dernière note', 'my last mark'),
        }),
        figure({
          value: formatNumber(language, 11.9),
          label: say(language, 'moyenne de la classe', 'average of the class'),
        }),
      ]),
      lineChart({
        language,
        title: say(language, 'Mes notes montent depuis octobre', 'My marks have risen since October'),
        categoryTitle: say(language, 'Évaluation', 'Assessment'),
        categories: past.map((row) => row.day),
        series: [
          { name: say(language, 'Mes notes', 'My marks'), values: past.map((row) => row.mark) },
          {
            name: say(language, 'Moyenne de la classe', 'Average of the class'),
            values: past.map((row) => row.average),
          },
        ],
        min: 0,
        max: 20,
        level: 2,
      }),
      dataTable({
        language,
        caption: say(language, 'Toutes mes notes', 'All my marks'),
        rows,
        columns: [
          {
            title: say(language, 'Évaluation', 'Assessment'),
            names: true,
            cell: (row) =>
              html`${row.name} ${row.isNew ? badge(say(language, 'Nouveau', 'New'), 'accent') : ''}`,
          },
          { title: say(language, 'Date', 'Date'), cell: (row) => row.day },
          {
            title: say(language, 'Note', 'Mark'),
            numeric: true,
            cell: (row) => formatNumber(language, row.mark),
          },
          {
            title: say(language, 'Classe', 'Class'),
            numeric: true,
            cell: (row) => formatNumber(language, row.average),
          },
        ],
      }),
      card({
        title: say(language, 'Je suis dans le tiers le plus haut', 'I am in the upper third'),
        body: dotDistribution({
          values: [6, 8, 9, 9, 10, 10, 11, 11, 11, 12, 12, 12, 13, 13, 14, 15, 15, 16, 17],
          min: 0,
          max: 20,
          mark: { value: 15, label: say(language, 'moi', 'me') },
          label: say(
            language,
            'Notes de la classe de 6 à 17, la mienne est 15.',
            'Marks of the class from 6 to 17, mine is 15.',
          ),
        }),
      }),
      trustNote({
        summary: say(language, 'Qui voit ces notes ?', 'Who sees these marks?'),
        body: html`<p>${say(language, 'Vous, vos parents, vos professeurs et la direction du collège.', 'You, your parents, your teachers and the head of the school.')}</p>`,
      }),
    ),
  };
}
