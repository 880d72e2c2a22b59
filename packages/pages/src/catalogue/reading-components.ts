import { barChart, lineChart } from '../charts/line-chart.ts';
import { rankedBars } from '../charts/ranked-bars.ts';
import { dotDistribution } from '../charts/dot-distribution.ts';
import { heatMap } from '../charts/heat-map.ts';
import { sparkline } from '../charts/sparkline.ts';
import { badge } from '../components/badge.ts';
import { button, buttonLink, buttonRow } from '../components/button.ts';
import { card, grid } from '../components/card.ts';
import { dataTable, type Column } from '../components/data-table.ts';
import { descriptionList, figure, figures } from '../components/description-list.ts';
import { emptyState } from '../components/empty-state.ts';
import { pagination, tabs } from '../components/pagination.ts';
import { tileGrid } from '../components/tile.ts';
import { timeline } from '../components/timeline.ts';
import { html, join } from '../html.ts';
import { formatNumber } from '../languages/format.ts';
import type { Language } from '../languages/language.ts';
import { longName, longWord, say, state, type CatalogueEntry } from './entry.ts';

/** Components that people read. */
export const readingComponents: readonly CatalogueEntry[] = [
  {
    name: 'tiles',
    title: { fr: 'Tuiles de services', en: 'Service tiles' },
    page: (language) => ({ body: tiles(language) }),
  },
  {
    name: 'cards',
    title: { fr: 'Cartes, chiffres, descriptions', en: 'Cards, figures, descriptions' },
    page: (language) => ({ body: cards(language) }),
  },
  {
    name: 'tables',
    title: { fr: 'Tableaux', en: 'Tables' },
    page: (language) => ({ body: tables(language) }),
  },
  {
    name: 'charts',
    title: { fr: 'Graphiques', en: 'Charts' },
    page: (language) => ({ body: charts(language) }),
  },
  {
    name: 'timeline',
    title: { fr: 'Fil du temps', en: 'Timeline' },
    page: (language) => ({ body: times(language) }),
  },
];

function tiles(language: Language) {
  const one = {
    title: say(language, 'Notes', 'Marks'),
    description: say(language, 'Saisir et publier', 'Enter and publish'),
    icon: 'notebook',
    href: '#',
  };
  const many = ['notebook', 'calendar-off', 'mail', 'books', 'calendar', 'unknown-icon', 'library'].map(
    (icon, index) => ({ ...one, icon, title: `${one.title} ${index + 1}` }),
  );
  return join([
    state(say(language, 'Une seule', 'A single one'), tileGrid([one])),
    state(say(language, 'Plusieurs', 'Several'), tileGrid(many)),
    state(
      say(language, 'Noms longs et nouveautés', 'Long names and news'),
      tileGrid([
        {
          ...one,
          title: longWord,
          description: longName,
          news: say(language, '128 nouvelles notes', '128 new marks'),
        },
        { ...one, title: longName },
      ]),
    ),
    state(
      say(language, 'Aucune', 'None'),
      emptyState({
        icon: 'layout-grid',
        title: say(language, 'Aucun service pour le moment', 'No service yet'),
        text: say(
          language,
          'Votre école les ouvrira à la rentrée. Une question ? Demandez au secrétariat.',
          'Your school opens them in September. Ask the office if something is missing.',
        ),
      }),
    ),
  ]);
}

function cards(language: Language) {
  const child = card({
    icon: 'user',
    title: 'Léa Benchérif',
    href: '#',
    note: say(language, '4e B, Collège Jeanne-Barret', '4e B, Collège Jeanne-Barret'),
    body: html`<p>${badge(say(language, 'Présente', 'Present'), 'good', 'check')} ${badge(say(language, '1 mot à signer', '1 note to sign'), 'warning', 'writing')}</p>`,
    actions: buttonLink({ label: say(language, 'Voir ses notes', 'See her marks'), href: '#', about: 'Léa' }),
  });
  const long = card({
    icon: 'user',
    title: longName,
    href: '#',
    note: longWord,
    body: html`<p>${say(language, 'Rien de nouveau aujourd’hui.', 'Nothing new today.')}</p>`,
  });
  const tones = (['neutral', 'accent', 'good', 'warning', 'danger'] as const).map((tone) =>
    badge(tone, tone),
  );
  return join([
    state(say(language, 'Cartes d’enfants', 'Cards of children'), grid([child, long])),
    state(
      say(language, 'Chiffres qui comptent', 'Numbers that matter'),
      figures([
        figure({
          value: formatNumber(language, 13.25),
          label: say(language, 'moyenne', 'average'),
          note: sparkline({
            values: [10, 12, 11, 14, 15],
            label: say(language, 'de 10 à 15', 'from 10 to 15'),
          }),
        }),
        figure({ value: formatNumber(language, 1284), label: say(language, 'élèves', 'pupils') }),
      ]),
    ),
    state(
      say(language, 'Descriptions', 'Descriptions'),
      card({
        body: descriptionList([
          { term: say(language, 'Nom', 'Name'), description: longName },
          { term: say(language, 'École', 'School'), description: 'Collège Jeanne-Barret' },
        ]),
      }),
    ),
    state(say(language, 'Étiquettes', 'Badges'), html`<p>${tones.map((tone) => html`${tone} `)}</p>`),
    state(
      say(language, 'Boutons', 'Buttons'),
      buttonRow(
        button({ label: say(language, 'Publier les notes', 'Publish the marks') }),
        button({ label: say(language, 'Garder le brouillon', 'Keep the draft'), kind: 'secondary' }),
        button({ label: say(language, 'Annuler', 'Cancel'), kind: 'quiet' }),
        button({
          label: say(language, 'Supprimer le devoir', 'Delete the assessment'),
          kind: 'danger',
          icon: 'trash',
        }),
        button({ label: say(language, 'Pas encore', 'Not yet'), disabled: true }),
      ),
      button({ label: longWord, wide: true }),
    ),
    state(
      say(language, 'Onglets et pages', 'Tabs and pages'),
      tabs({
        label: say(language, 'Trimestres', 'Terms'),
        items: [1, 2, 3].map((term) => ({
          label: say(language, `Trimestre ${term}`, `Term ${term}`),
          href: '#',
          current: term === 2,
        })),
      }),
      pagination({ language, page: 2, pages: 12, hrefOf: (page) => `?page=${page}` }),
    ),
  ]);
}

function tables(language: Language) {
  interface Row {
    readonly name: string;
    readonly division: string;
    readonly average: number;
  }
  const columns: readonly Column<Row>[] = [
    {
      title: say(language, 'Élève', 'Pupil'),
      names: true,
      cell: (row) => row.name,
      sort: { href: '?sort=name', direction: 'ascending' as const },
    },
    {
      title: say(language, 'Classe', 'Class'),
      cell: (row) => row.division,
      sort: { href: '?sort=class' },
    },
    {
      title: say(language, 'Moyenne', 'Average'),
      numeric: true,
      cell: (row) => formatNumber(language, row.average),
    },
  ];
  const rows = [
    { name: 'Inès Caradec', division: '4e B', average: 14.5 },
    { name: 'Léo N’Guyen', division: '4e B', average: 9.75 },
    { name: longName, division: longWord, average: 12 },
  ];
  return join([
    state(
      say(language, 'Plusieurs lignes', 'Several rows'),
      dataTable({
        language,
        caption: say(language, 'Moyennes de la 4e B', 'Averages of 4e B'),
        columns,
        rows,
        foot: [say(language, 'Classe', 'Class'), '', formatNumber(language, 12.08)],
      }),
    ),
    state(
      say(language, 'Lignes à choisir', 'Rows to choose'),
      dataTable({
        language,
        caption: say(language, 'Choisir des élèves', 'Choose pupils'),
        columns,
        rows,
        selection: { name: 'pupil', value: (row) => row.name, label: (row) => row.name },
      }),
    ),
    state(
      say(language, 'Une ligne', 'One row'),
      dataTable({
        language,
        caption: say(language, 'Une élève', 'One pupil'),
        columns,
        rows: rows.slice(0, 1),
      }),
    ),
    state(
      say(language, 'Vide', 'Empty'),
      dataTable({
        language,
        caption: say(language, 'Vide', 'Empty'),
        columns,
        rows: [],
        empty: emptyState({
          icon: 'table',
          title: say(language, 'Pas encore de note', 'No mark yet'),
          text: say(
            language,
            'Elles apparaîtront ici quand le professeur les publiera.',
            'They appear here when the teacher publishes them.',
          ),
        }),
      }),
    ),
  ]);
}

function charts(language: Language) {
  const shared = {
    language,
    categoryTitle: say(language, 'Mois', 'Month'),
    categories: ['sept.', 'oct.', 'nov.', 'déc.', 'janv.'],
  };
  const me = { name: say(language, 'Mes notes', 'My marks'), values: [11, 10.5, null, 14, 15.5] };
  const group = { name: say(language, 'La classe', 'The class'), values: [11.2, 11.5, 11.9, 12, 12.3] };
  return join([
    state(
      say(language, 'Ligne', 'Line'),
      lineChart({
        ...shared,
        title: say(language, 'Les notes montent depuis octobre', 'Marks rise since October'),
        series: [me, group],
        min: 0,
        max: 20,
      }),
    ),
    state(
      say(language, 'Barres', 'Bars'),
      barChart({
        ...shared,
        title: say(language, 'Moins d’absences en janvier', 'Fewer absences in January'),
        series: [{ name: say(language, 'Absences', 'Absences'), values: [12, 18, 25, 22, 9] }],
      }),
    ),
    state(
      say(language, 'Barres de choses nommées', 'Bars of named things'),
      rankedBars({
        language,
        title: say(language, 'Surtout : Connexions', 'Mostly: Sign-ins'),
        items: [
          { name: say(language, 'Connexions', 'Sign-ins'), count: 1240 },
          { name: longName, count: 310 },
          { name: longWord, count: 0 },
        ],
      }),
    ),
    state(
      say(language, 'Barres de trois groupes', 'Bars of three groups'),
      barChart({
        ...shared,
        title: say(language, 'La 4e B lit le plus', '4e B reads the most'),
        categories: [longWord, 'oct.', 'nov.'],
        series: ['4e A', '4e B', '4e C'].map((name, index) => ({ name, values: [3 + index, 5, 4 + index] })),
      }),
    ),
    state(
      say(language, 'Une valeur', 'One value'),
      lineChart({
        ...shared,
        title: say(language, 'Première note : 12', 'First mark: 12'),
        categories: ['sept.'],
        series: [{ name: me.name, values: [12] }],
        min: 0,
        max: 20,
      }),
    ),
    state(
      say(language, 'Répartition', 'Distribution'),
      card({
        body: dotDistribution({
          values: [4, 8, 9, 9, 10, 11, 11, 12, 12, 12, 14, 15, 18],
          min: 0,
          max: 20,
          mark: { value: 12, label: say(language, 'ma note', 'my mark') },
          label: say(
            language,
            'Treize notes de 4 à 18, la mienne est 12.',
            'Thirteen marks from 4 to 18, mine is 12.',
          ),
        }),
      }),
    ),
    state(
      say(language, 'Carte de chaleur', 'Heat map'),
      heatMap({
        language,
        title: say(language, 'Le mercredi soir sort du lot', 'Wednesday evening stands out'),
        rowTitle: say(language, 'Jour', 'Day'),
        rows: say(
          language,
          'lundi mardi mercredi jeudi vendredi',
          'Monday Tuesday Wednesday Thursday Friday',
        ).split(' '),
        columns: Array.from({ length: 24 }, (_, hour) => String(hour)),
        values: [0, 1, 2, 3, 4].map((day) =>
          Array.from({ length: 24 }, (_, hour) =>
            day === 2 && hour === 22 ? 64 : hour < 7 || hour > 19 ? 0 : ((hour * 7 + day * 5) % 30) + 2,
          ),
        ),
      }),
    ),
    state(
      say(language, 'Dans une phrase', 'In a sentence'),
      html`<p>${say(language, 'Cinq devoirs', 'Five assessments')} ${sparkline({ values: [10, 12, 11, 14, 15], label: say(language, 'de 10 à 15 sur 20', 'from 10 to 15 out of 20'), min: 0, max: 20 })}</p>`,
    ),
  ]);
}

function times(language: Language) {
  const entries = [
    {
      at: new Date('2026-03-12T08:05:00Z'),
      title: say(language, 'Connexion depuis un téléphone', 'Signed in on a phone'),
      icon: 'device-mobile' as const,
    },
    {
      at: new Date('2026-03-11T16:40:00Z'),
      title: longName,
      text: html`<p>${longWord}</p>`,
      icon: 'eye' as const,
    },
  ];
  const empty = emptyState({
    icon: 'history',
    title: say(language, 'Rien ces trente derniers jours', 'Nothing in the last thirty days'),
    text: say(
      language,
      'Les connexions et les consultations apparaîtront ici.',
      'Sign-ins and readings appear here.',
    ),
  });
  return join([
    state(
      say(language, 'Deux moments', 'Two moments'),
      timeline({ language, label: say(language, 'Activité', 'Activity'), entries }),
    ),
    state(
      say(language, 'Vide', 'Empty'),
      timeline({ language, label: say(language, 'Activité', 'Activity'), entries: [], empty }),
    ),
  ]);
}
