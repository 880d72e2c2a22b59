import * as pages from '@socle/pages';
import { html, trustedHtml, type Content, type Fragment } from '@socle/pages';
import { describe, expect, it } from 'vitest';

const attack = `"'><script>alert(1)</script><img src=x onerror=alert(1)> autofocus onfocus=alert(1) x="`;
const language = 'fr';
const a = attack;

/** Every component with the attack in each of its texts and attributes. */
const components: Readonly<Record<string, () => Fragment>> = {
  badge: () => pages.badge(a),
  barChart: () =>
    pages.barChart({
      language,
      title: a,
      categoryTitle: a,
      categories: [a],
      series: [
        { name: a, values: [1] },
        { name: a, values: [2] },
      ],
    }),
  proofOfWork: () =>
    pages.proofOfWork({
      name: a,
      challenge: a,
      seed: a,
      parts: 1,
      zeroBits: 1,
      worker: a,
      working: a,
      done: a,
      wait: a,
    }),
  printButton: () => pages.printButton({ label: a }),
  button: () => pages.button({ label: a, name: a, value: a, about: a }),
  buttonLink: () => pages.buttonLink({ label: a, href: a, about: a }),
  card: () => pages.card({ title: a, href: a, note: a, body: a, actions: a }),
  checkbox: () => pages.checkbox({ name: a, label: a, hint: a, value: a }),
  checkboxGroup: () =>
    pages.checkboxGroup({
      language,
      name: a,
      label: a,
      hint: a,
      error: a,
      choices: [{ value: a, label: a, hint: a }],
    }),
  timeField: () => pages.timeField({ language, name: a, label: a, hint: a, error: a, value: a }),
  rankedBars: () => pages.rankedBars({ language, title: a, items: [{ name: a, count: 1 }] }),
  heatMap: () => pages.heatMap({ language, title: a, rowTitle: a, rows: [a], columns: [a], values: [[1]] }),
  printedCodeField: () =>
    pages.printedCodeField({ language, name: a, label: a, hint: a, error: a, value: a, fromAddress: true }),
  codeField: () => pages.codeField({ language, name: a, label: a, hint: a, error: a }),
  confirmCard: () =>
    pages.confirmCard({
      id: a,
      title: a,
      text: a,
      action: '/x',
      fields: { [a]: a },
      confirm: a,
      cancel: a,
      cancelHref: a,
    }),
  confirmDialog: () =>
    pages.confirmDialog({
      id: a,
      title: a,
      text: a,
      action: '/x',
      confirm: a,
      cancel: a,
      cancelHref: a,
      href: a,
      opener: a,
    }),
  dataTable: () =>
    pages.dataTable({
      selection: { name: a, value: () => a, label: () => a },
      language,
      caption: a,
      rows: [a],
      columns: [{ title: a, cell: (row) => row, sort: { href: a } }],
      foot: [a],
    }),
  dateField: () => pages.dateField({ language, name: a, label: a, value: a, min: a, max: a }),
  descriptionList: () => pages.descriptionList([{ term: a, description: a }]),
  disclosure: () => pages.disclosure({ summary: a, body: a }),
  dotDistribution: () =>
    pages.dotDistribution({ values: [1], min: 0, max: 2, mark: { value: 1, label: a }, label: a }),
  emptyState: () => pages.emptyState({ icon: 'home', title: a, text: a }),
  errorSummary: () => pages.errorSummary([{ name: a, message: a }], language),
  fieldGroup: () => pages.fieldGroup({ legend: a, hint: a, body: a }),
  figure: () => pages.figure({ value: a, label: a, note: a }),
  figures: () => pages.figures([html`${a}`]),
  fileField: () => pages.fileField({ language, name: a, label: a, accept: a }),
  flashMessage: () =>
    pages.flashMessage(
      { kind: 'good', title: a, text: a, undo: { action: '/x', label: a, fields: { [a]: a } } },
      language,
    ),
  form: () => pages.form({ action: '/x', label: a, fields: { [a]: a }, body: a }),
  grid: () => pages.grid([html`${a}`]),
  hiddenFields: () => pages.hiddenFields({ [a]: a }),
  hrefAttribute: () => html`<a${pages.hrefAttribute(a)}>x</a>`,
  html: () => html`<p title="${a}">${a}${[a, [a]]}</p>`,
  icon: () => pages.iconOr(a, 'home'),
  lineChart: () =>
    pages.lineChart({
      language,
      title: a,
      categoryTitle: a,
      categories: [a],
      series: [{ name: a, values: [1] }],
    }),
  pagination: () => pages.pagination({ language, page: 2, pages: 3, hrefOf: () => a }),
  periodField: () =>
    pages.periodField({ language, name: a, legend: a, hint: a, from: { value: a, error: a } }),
  picturePad: () =>
    pages.picturePad({
      language,
      action: '/x',
      legend: a,
      pictures: [{ value: a, icon: 'cat', label: a }],
      chosen: 0,
      wanted: 4,
      fields: { [a]: a },
    }),
  progress: () => pages.progress({ language, id: a, label: a, done: 1, total: 2, note: a }),
  radioGroup: () =>
    pages.radioGroup({ language, name: a, label: a, value: a, choices: [{ value: a, label: a }] }),
  searchField: () =>
    pages.searchField({ language, action: '/x', name: a, label: a, value: a, hint: a, fields: { [a]: a } }),
  section: () => pages.section({ title: a, lead: a, body: a, actions: a }),
  selectField: () =>
    pages.selectField({
      language,
      name: a,
      label: a,
      hint: a,
      error: a,
      prompt: a,
      value: a,
      choices: [{ value: a, label: a }],
    }),
  sparkline: () => pages.sparkline({ values: [1], label: a }),
  stack: () => pages.stack(a),
  stepList: () => pages.stepList({ language, label: a, steps: [{ label: a, note: a, state: 'current' }] }),
  switchControl: () =>
    pages.switchControl({
      language,
      name: a,
      label: a,
      consequence: a,
      on: true,
      action: '/x',
      fields: { [a]: a },
    }),
  tabs: () => pages.tabs({ label: a, items: [{ label: a, href: a }] }),
  textField: () =>
    html`${pages.textField({ language, name: a, label: a, hint: a, error: a, value: a, autocomplete: a, step: a })}${pages.textField({ language, name: a, label: a, value: `</textarea>${a}`, rows: 3 })}`,
  tile: () => pages.tile({ title: a, description: a, href: a, icon: a, news: a }),
  tileGrid: () => pages.tileGrid([{ title: a, href: a, icon: a }]),
  linkList: () => pages.linkList([{ label: a, href: a }]),
  timeline: () =>
    pages.timeline({ language, label: a, entries: [{ at: new Date(0), title: a, text: a, icon: 'home' }] }),
  trustNote: () => pages.trustNote({ summary: a, body: a }),
};

/** Exports that build markup from constants alone, or are not components. */
const others = new Set([
  'PagesError',
  'accentColour',
  'buttonRow',
  'catalogueNames',
  'chooseLanguage',
  'contentSecurityPolicy',
  'defineStrings',
  'fieldId',
  'findMissingStrings',
  'formatBytes',
  'formatDate',
  'formatDateTime',
  'formatList',
  'formatNumber',
  'formatPercent',
  'formatTime',
  'frenchSpacing',
  'iconOr',
  'isIconName',
  'isLanguage',
  'isSingular',
  'join',
  'languageCookieName',
  'languageNames',
  'languages',
  'loadPageAssets',
  'namedAccents',
  'nothing',
  'renderCatalogue',
  'renderPage',
  'safeHref',
  'securityHeaders',
  'trustedHtml',
  'warmCharts',
]);

/** True when the markup holds a tag or an attribute that the attack wrote. */
function isBroken(source: string): boolean {
  const tags = source.match(/<[a-zA-Z][^<>]*>/g) ?? [];
  return (
    /<script|<img/i.test(source) ||
    tags.some((tag) => /\son\w+\s*=|\sautofocus/i.test(tag.replace(/"[^"]*"/g, '""')))
  );
}

describe('T-PAG-01 markup in data', () => {
  it('sees an attack that gets through', () => {
    expect(isBroken(trustedHtml(`<p>${attack}</p>`).toString())).toBe(true);
    expect(isBroken('<p title="" onfocus=alert(1)>')).toBe(true);
  });

  it.each(Object.entries(components))('stays text in %s', (_name, build) => {
    const source = build().toString();
    expect(source).not.toBe('');
    expect(isBroken(source)).toBe(false);
  });

  it('has an attack for every component that the kit exports', () => {
    const missing = Object.keys(pages).filter((name) => !(name in components) && !others.has(name));
    expect(missing).toEqual([]);
    expect(Object.keys(components).length).toBeGreaterThan(40);
  });

  it('stays text in every part of a page', () => {
    const page = pages.renderPage({
      title: a,
      lead: a,
      language,
      assets: pages.loadPageAssets(),
      body: html`${a}`,
      actions: html`${a}`,
      service: a,
      homeHref: a,
      accent: a,
      footer: html`${a}`,
      footerLinks: [{ label: a, href: a }],
      school: { name: a, href: a },
      person: { displayName: a, role: a, href: a },
      signOut: { action: '/x', fields: { [a]: a } },
      areas: [{ label: a, href: a, icon: 'home' }],
      back: { href: a, label: a },
      flash: [{ kind: 'danger', title: a, text: a }],
      languageSwitch: { action: '/x', returnTo: a },
    });
    const [head = '', ...rest] = page.split('</head>');
    expect(isBroken(rest.join(''))).toBe(false);
    expect(head.match(/<script/g)?.length).toBe(1);
  });

  it('refuses an object that says it is escaped, as a JSON document may', () => {
    const forged = JSON.parse('{"isEscaped":true,"toString":"x"}') as Content;
    expect(() => html`<p>${forged}</p>`).toThrow('pages.content_refused');
    expect(() => html`<p>${[forged]}</p>`).toThrow('pages.content_refused');
    expect(() => html`<p>${Promise.resolve('x') as unknown as Content}</p>`).toThrow('pages.content_refused');
  });

  it('shows honest text as it was written', () => {
    expect(html`<p>${'Léa & Inès'} ${3}${false}${undefined}${trustedHtml('<b>oui</b>')}</p>`.toString()).toBe(
      '<p>Léa &amp; Inès 3<b>oui</b></p>',
    );
  });
});
