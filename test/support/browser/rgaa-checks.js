// @ts-check
// Looks at the page that stands open for what RGAA 4.1 asks and axe does not: by criterion, how many things were looked at
// and what is wrong with them. The value of this file is the answer.
import { backgroundOf, contrast } from './colours.js';

(() => {
  /** @type {Record<string, { seen: number, wrong: string[] }>} */
  const found = {};
  /** @param {string} criterion @param {Element[]} parts @param {(part: Element) => string | false | undefined} problemOf */
  const check = (criterion, parts, problemOf) => {
    const entry = (found[criterion] ??= { seen: 0, wrong: [] });
    for (const part of parts) {
      entry.seen += 1;
      const problem = problemOf(part);
      if (problem) entry.wrong.push(`${problem}: ${part.outerHTML.slice(0, 140)}`);
    }
  };
  /** Nothing of the kind may be there: what was looked at is the whole page. @param {string} criterion @param {string} selector */
  const none = (criterion, selector) =>
    check(criterion, [document.body], () => {
      const part = document.querySelector(selector);
      return part ? `${part.outerHTML.slice(0, 140)} is there` : false;
    });
  /** @param {string} selector @returns {Element[]} */
  const all = (selector) => [...document.querySelectorAll(selector)];
  const shown = (/** @type {Element} */ part) =>
    part.checkVisibility({ visibilityProperty: true }) && !part.closest('.visually-hidden');
  const words = (/** @type {Element | null | undefined} */ part) =>
    (part?.textContent ?? '').replace(/\s+/g, ' ').trim();

  // 1 pictures
  check('1.1', all('img:not([alt=""]), svg[role=img], [role=img]'), (part) => {
    const name =
      part.getAttribute('alt') ?? part.getAttribute('aria-label') ?? words(part.querySelector('title'));
    return !name && !part.hasAttribute('aria-labelledby') && 'a picture without an alternative';
  });
  check(
    '1.2',
    [...all('img[alt=""]'), ...all('svg:not([role=img])').filter((svg) => !svg.closest('[role=img]'))],
    (part) => {
      const named = ['title', 'aria-label', 'aria-labelledby'].some((name) => part.hasAttribute(name));
      const told = part.tagName !== 'IMG' && !part.closest('[aria-hidden=true]');
      return (named || told) && 'a decoration that is read out';
    },
  );
  none('1.4', 'img[alt*=captcha i]');
  none('1.5', '[class*=captcha i], [id*=captcha i]');
  check('1.6', all('img.qr'), (part) => {
    const holder = part.closest('.sheet') ?? part.closest('main');
    return !holder?.querySelector('code, .sheet-code') && 'a drawing to scan without what it holds';
  });
  none('1.8', 'img[alt]:not([alt=""]):not(.qr), input[type=image]');
  none('1.9', 'figure:has(> img), figcaption');
  // 2 frames, 4 media
  for (const criterion of ['2.1', '2.2']) none(criterion, 'iframe, frame');
  for (let each = 1; each <= 13; each += 1)
    none(`4.${each}`, 'audio, video, object, embed, canvas, marquee, [autoplay]');
  // 3.3 borders of fields stand out from what is around them
  check(
    '3.3',
    all('input:not([type=hidden], [type=checkbox], [type=radio], [type=file]), select, textarea').filter(
      shown,
    ),
    (field) => {
      const { borderTopColor, borderTopWidth, backgroundColor } = getComputedStyle(field);
      const around = backgroundOf(field.parentElement);
      const best = Math.max(
        parseFloat(borderTopWidth) > 0 ? contrast(borderTopColor, around) : 1,
        contrast(backgroundColor, around),
      );
      return best < 3 && `a field whose edge has a contrast of ${best.toFixed(2)}`;
    },
  );
  // 5 tables
  none('5.1', 'th[rowspan], th[colspan], th[headers], td[headers]');
  none('5.2', 'table[summary]');
  for (const criterion of ['5.3', '5.8']) none(criterion, 'table[role=presentation], table[role=none]');
  check('5.4', all('table'), (table) => !words(table.querySelector('caption')) && 'a table without a title');
  check('5.6', all('table'), (table) => !table.querySelector('thead th, th') && 'a table without headers');
  check(
    '5.7',
    all('th'),
    (th) => !/^(col|row)$/.test(th.getAttribute('scope') ?? '') && 'a header of nothing',
  );
  // 7.5 what happened is told without being looked for
  check('7.5', all('.flash, .error-summary, [data-strength-of], output, .progress'), (part) => {
    const { tagName } = part;
    const role = part.getAttribute('role') ?? '';
    const isTold =
      tagName === 'OUTPUT' || /^(status|alert|progressbar)$/.test(role) || part.hasAttribute('aria-live');
    return (
      !isTold && !part.querySelector('progress, [role=progressbar]') && 'a message that is not announced'
    );
  });
  // 8 what every page must have
  const { doctype, documentElement, body } = document;
  check('8.1', [documentElement], () => {
    const isHtml5 =
      doctype?.name === 'html' && doctype.publicId === '' && document.compatMode === 'CSS1Compat';
    return !isHtml5 && 'no document type of HTML 5';
  });
  const ids = all('[id]').map(({ id }) => id);
  check('8.2', all('[id]'), ({ id }) => ids.indexOf(id) !== ids.lastIndexOf(id) && `twice the id ${id}`);
  check(
    '8.2',
    all('label[for]'),
    (label) => !document.getElementById(label.getAttribute('for') ?? '') && 'a label of nothing',
  );
  check('8.2', all('[aria-describedby], [aria-labelledby], [aria-controls]'), (part) => {
    const named = ['aria-describedby', 'aria-labelledby', 'aria-controls']
      .flatMap((name) => (part.getAttribute(name) ?? '').split(/\s+/))
      .filter(Boolean);
    return named.some((id) => !ids.includes(id)) && 'a reference to nothing';
  });
  check('8.3', [documentElement], (part) => !part.getAttribute('lang') && 'a page without a language');
  check(
    '8.4',
    all('[lang]'),
    (part) => !/^(fr|en)$/.test(part.getAttribute('lang') ?? '') && 'an unknown language',
  );
  check('8.5', [documentElement], () => document.title.trim() === '' && 'a page without a title');
  check('8.6', [documentElement], () => {
    const heading = words(document.querySelector('h1'));
    const title = document.title.replace(/\s+/g, ' ');
    return !title.startsWith(heading) && `the title "${title}" does not begin by "${heading}"`;
  });
  check('8.7', all('button[name=language]'), (part) => {
    const lang = part.getAttribute('lang');
    return (!lang || lang === documentElement.lang) && 'another language that is not marked';
  });
  none(
    '8.9',
    'font, center, big, strike, tt, basefont, marquee, blink, br + br, p:empty:not([role]), li:empty, h1:empty, h2:empty, h3:empty',
  );
  check(
    '8.10',
    [body],
    () => /[\u0590-\u08ff]/.test(body.textContent ?? '') && 'letters read from the right',
  );
  // 9 structure
  check('9.1', [body], () => document.querySelectorAll('h1').length !== 1 && 'not exactly one h1');
  const headings = all('h1, h2, h3, h4, h5, h6');
  check('9.1', headings, (heading) => {
    const before = headings[headings.indexOf(heading) - 1];
    const level = Number(heading.tagName[1]);
    return (
      level > Number(before?.tagName[1] ?? 0) + 1 && `a heading of level ${level} after ${before?.tagName}`
    );
  });
  check('9.2', [body], () => {
    const counts = ['body > header', 'main', 'body > footer'].map((selector) => all(selector).length);
    return counts.join() !== '1,1,1' && `header, main and footer: ${counts.join()}`;
  });
  const navs = all('nav').filter(shown);
  check(
    '9.2',
    navs,
    (nav) => !nav.getAttribute('aria-label') && navs.length > 1 && 'a navigation without a name',
  );
  check('9.3', all('p'), (part) => /^[-•–*] /.test(words(part)) && 'a list that is none');
  none('9.4', 'blockquote, q');
  // 10 presentation
  none(
    '10.1',
    ['style', 'align', 'bgcolor', 'valign', 'background', 'hspace', 'vspace']
      .map((name) => `body [${name}]:not([${name}=""], svg, svg *)`)
      .join(),
  );
  const everything = all('body *').filter((part) => !part.closest('svg'));
  check('10.2', everything, (part) => {
    // on a phone, each cell repeats the header that stands above its column
    const header = part.closest('table') && part.getAttribute('data-label');
    if (
      header &&
      [...(part.closest('table')?.querySelectorAll('th') ?? [])].some((th) => words(th) === header)
    )
      return false;
    const said = ['::before', '::after'].map((pseudo) => textOf(getComputedStyle(part, pseudo).content));
    return said.some((text) => /[\p{L}\d]/u.test(text)) && 'words that only the style sheet says';
  });
  check('10.3', everything, (part) => {
    const { order, flexDirection } = getComputedStyle(part);
    return (order !== '0' || flexDirection.endsWith('reverse')) && 'an order that only the style sheet makes';
  });
  check('10.5', [body, ...all('.control, .button, .card, .tile').filter(shown)], (part) => {
    const { color } = getComputedStyle(part);
    return contrast(color, backgroundOf(part)) < 3 && 'a colour without its background';
  });
  check(
    '10.6',
    all('main p a, main dd a, footer p a'),
    (link) =>
      !getComputedStyle(link).textDecorationLine.includes('underline') &&
      !link.matches('.button, .quiet-link') &&
      'a link within text without a line',
  );
  check('10.8', all('[hidden], [aria-hidden=true]'), (part) => {
    const reachable = part.querySelector('a[href], button, input:not([type=hidden]), select, textarea');
    return reachable !== null && reachable.checkVisibility() && 'hidden, and yet reached by keyboard';
  });
  const rules = styleRules();
  for (const criterion of ['10.13', '10.14']) {
    none(criterion, '[title]:not(iframe, svg *)');
    check(criterion, [body], () => {
      const reveals = rules.find(
        ({ selectorText, style }) =>
          /:hover/.test(selectorText) &&
          ['display', 'visibility', 'opacity', 'clip-path'].some(
            (name) => style.getPropertyValue(name) !== '',
          ),
      );
      return reveals ? `${reveals.selectorText} shows more under the pointer` : false;
    });
  }
  // 11 forms
  const fields = all('input:not([type=hidden]), select, textarea').filter(shown);
  check('11.4', fields, (field) => {
    const label = /** @type {HTMLInputElement} */ (field).labels?.[0];
    if (!label) return field.hasAttribute('aria-label') ? false : 'a field without a label';
    const frame = field.closest('.file-drop') ?? field;
    const [a, b] = [label.getBoundingClientRect(), frame.getBoundingClientRect()];
    const across = Math.max(0, a.left - b.right, b.left - a.right);
    const isBeside = /^(checkbox|radio)$/.test(field.getAttribute('type') ?? '');
    const above = b.top - a.bottom;
    // hints and errors stand between the two
    const between = label.parentElement?.contains(field) ? b.top - a.bottom : above;
    return (
      (isBeside ? across > 24 : across > 0 || between < -1 || between > 220) && 'a label away from its field'
    );
  });
  const radios = fields.filter((field) => field.getAttribute('type') === 'radio');
  for (const criterion of ['11.5', '11.6']) {
    check(
      criterion,
      radios,
      (radio) =>
        !words(radio.closest('fieldset')?.querySelector('legend')) &&
        'a choice outside a group with a legend',
    );
    check(
      criterion,
      all('fieldset'),
      (group) => !words(group.querySelector('legend')) && 'a group without a legend',
    );
  }
  check(
    '11.8',
    all('select'),
    (select) =>
      select.querySelectorAll('option').length > 30 &&
      !select.querySelector('optgroup') &&
      'a long list without groups',
  );
  check('11.10', fields, (field) => {
    const optional = field.closest('.field, .choice')?.querySelector('.field-optional');
    const said =
      /** @type {HTMLInputElement} */ (field).required ||
      optional ||
      field.matches(
        '[type=checkbox], [type=radio], [type=search], .choice *, table *, .control-date, select, [readonly]',
      );
    return !said && 'neither required nor said to be optional';
  });
  check('11.10', all('[aria-invalid=true]'), (field) => {
    const told = (field.getAttribute('aria-describedby') ?? '')
      .split(/\s+/)
      .some((id) => words(document.getElementById(id)).length > 10);
    return !told && 'a wrong field that does not say why';
  });
  check('11.10', all('.error-summary a'), (link) => {
    const field = document.getElementById((link.getAttribute('href') ?? '').slice(1));
    return (!field || !shown(field)) && 'an error that leads nowhere';
  });
  const purposes = { username: /username/, password: /(current|new)-password/, repeat: /new-password/ };
  check(
    '11.13',
    fields.filter((field) => (field.getAttribute('name') ?? '') in purposes),
    (field) => {
      const name = /** @type {keyof typeof purposes} */ (field.getAttribute('name'));
      return (
        !purposes[name].test(field.getAttribute('autocomplete') ?? '') &&
        'a field about oneself without its purpose'
      );
    },
  );
  // 12 navigation
  none('12.5', 'header form[role=search], footer form[role=search], nav form[role=search]');
  // modules have statements and plans of their own
  const isModule = document.querySelector('.brand-service') !== null;
  const hasPlan = document.querySelector('footer a[href="/site-map"]') !== null;
  check(
    '12.1',
    all('.has-areas'),
    () => !isModule && !(hasPlan && navs.length > 0) && 'fewer than two ways through the site',
  );
  check('12.4', all('.page-footer'), () => !isModule && !hasPlan && 'no plan of the site in the footer');
  check(
    '12.6',
    [body],
    () => !all('main[id], header, footer').every((part) => shown(part)) && 'a landmark that is not there',
  );
  check('12.7', all('.skip-link'), (link) => {
    const first = document.querySelector('a[href], button, input, select, textarea, [tabindex="0"]');
    const target = document.querySelector(link.getAttribute('href') ?? '#none');
    return (
      (first !== link || target?.tagName !== 'MAIN' || target.getAttribute('tabindex') !== '-1') &&
      'a way past that is not the first, or leads nowhere'
    );
  });
  check('12.7', [body], () => all('.skip-link').length !== 1 && 'no way past the header');
  check(
    '12.8',
    all('a[href], button, input, select, textarea, summary, [tabindex]'),
    (part) => Number(part.getAttribute('tabindex') ?? 0) > 0 && 'an order of its own',
  );
  none('12.10', '[accesskey]');
  // 13 reading
  none('13.1', 'meta[http-equiv=refresh]');
  for (const criterion of ['13.3', '13.4']) none(criterion, 'a[download], a[href$=".pdf"], a[href$=".csv"]');
  none('13.2', '[target=_blank], [formtarget]');
  for (const criterion of ['13.5', '13.6'])
    check(
      criterion,
      all('pre, code'),
      (part) => /[|\\/_]{4}/.test(part.textContent ?? '') && 'a drawing made of letters',
    );
  for (const criterion of ['13.7', '13.8']) {
    check(
      criterion,
      [body],
      () =>
        document.getAnimations().some(({ effect }) => effect?.getComputedTiming().iterations === Infinity) &&
        'something that moves without end',
    );
    check(
      criterion,
      all('img'),
      (image) => /\.gif/.test(image.getAttribute('src') ?? '') && 'a picture that may move',
    );
  }
  check(
    '13.9',
    [body],
    () =>
      rules.some((rule) => /orientation/.test(rule.parentRule?.cssText.slice(0, 80) ?? '')) &&
      'a page that asks how the device is held',
  );
  // the footer and the house's own rule for targets
  check('statement', all('.page-footer'), (footer) => {
    return (
      !isModule &&
      !footer.querySelector('a[href="/accessibility"]') &&
      'no way to the accessibility statement'
    );
  });
  check(
    'targets',
    all('button, summary, select, input:not([type=hidden]), a[href]').filter(
      (part) =>
        shown(part) &&
        !part.matches('p a, dd a, li a:not(nav *, [role=list] *), .skip-link, dialog *, table a'),
    ),
    (part) => {
      const box = (part.closest('.choice, .tile, .card-head, .row-choice') ?? part).getBoundingClientRect();
      return box.height > 0 && box.height < 43.5 && `a target of ${Math.round(box.height)} px`;
    },
  );
  return found;

  /** @param {string} content */
  function textOf(content) {
    return content === 'none' || content === 'normal' || !content.startsWith('"') ? '' : content;
  }

  /** @returns {CSSStyleRule[]} */
  function styleRules() {
    /** @param {CSSRuleList} list @returns {CSSStyleRule[]} */
    const read = (list) =>
      [...list].flatMap((rule) =>
        rule instanceof CSSStyleRule
          ? [rule]
          : 'cssRules' in rule
            ? read(/** @type {CSSGroupingRule} */ (rule).cssRules)
            : [],
      );
    return [...document.styleSheets].flatMap((sheet) => read(sheet.cssRules));
  }
})();
