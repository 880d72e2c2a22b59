import type { HttpBrowser, Page } from './http-browser.ts';
import { sendNextCode } from './one-time-codes.ts';
import type { DemoAccount } from './territory.ts';

/** A form of a page, as a browser would send it. */
export interface PageForm {
  /** Absolute. */
  readonly action: string;
  /** Values of all its fields as the page gives them. */
  readonly fields: Readonly<Record<string, string>>;
}

/** The form of `page` whose action matches; throws when there is none, with what the page says instead. */
export function findForm(page: Page, action: RegExp): PageForm {
  for (const [, tag = '', inner = ''] of page.text.matchAll(/<form\b([^>]*)>([\s\S]*?)<\/form>/g)) {
    const target = decode(/action="([^"]*)"/.exec(tag)?.[1] ?? '');
    if (!action.test(target)) continue;
    return { action: new URL(target, page.url).href, fields: readFields(inner) };
  }
  throw new Error(`no form for ${action} on ${page.url} (${page.status}): ${titleOf(page)}`);
}

/** Sends a form with some of its fields changed, as its page would, and follows where it leads. */
export async function sendForm(
  browser: HttpBrowser,
  page: Page,
  action: RegExp,
  changes: Readonly<Record<string, string>> = {},
): Promise<Page> {
  const form = findForm(page, action);
  return browser.follow(await browser.post(form.action, { ...form.fields, ...changes }));
}

/** Signs a demo account in, wherever `page` asked for it, and gives the page that one arrives at. */
export async function signIn(browser: HttpBrowser, start: string, account: DemoAccount): Promise<Page> {
  const page = await browser.follow(await browser.get(start));
  const { username, password, totpSecret } = account;
  const answer = await sendForm(browser, page, /^\/sign-in\//, { username, password });
  return answerCode(browser, answer, totpSecret);
}

/** Gives the one-time code where a page asks for one, and follows where it leads. */
export async function answerCode(browser: HttpBrowser, page: Page, totpSecret?: string): Promise<Page> {
  if (totpSecret === undefined || !/\/sign-in\/[^/]+\/code$/.test(page.url)) return page;
  return sendNextCode(totpSecret, (code) => sendForm(browser, page, /\/code$/, { code }));
}

/** The title of a page's h1. */
export function titleOf(page: Page): string {
  return textOf(/<h1[^>]*>([\s\S]*?)<\/h1>/.exec(page.text)?.[1] ?? '');
}

/** The words of a page's main part, without tags, spaces folded. */
export function mainText(page: Page): string {
  return textOf(/<main[\s\S]*?<\/main>/.exec(page.text)?.[0] ?? page.text);
}

/** Links of the main part, by their words. */
export function findLink(page: Page, words: RegExp): string {
  for (const [, href = '', inner = ''] of page.text.matchAll(
    /<a\b[^>]*href="([^"]*)"[^>]*>([\s\S]*?)<\/a>/g,
  )) {
    if (words.test(textOf(inner))) return new URL(decode(href), page.url).href;
  }
  throw new Error(`no link ${words} on ${page.url} (${page.status}): ${titleOf(page)}`);
}

function readFields(inner: string): Record<string, string> {
  const fields: Record<string, string> = {};
  for (const [tag] of inner.matchAll(/<input\b[^>]*>/g)) {
    const name = attribute(tag, 'name');
    const isChoice = /type="(radio|checkbox)"/.test(tag);
    if (name && (!isChoice || /\schecked/.test(tag))) fields[name] = attribute(tag, 'value') ?? '';
  }
  for (const [, tag = '', options = ''] of inner.matchAll(/<select\b([^>]*)>([\s\S]*?)<\/select>/g)) {
    const chosen = [...options.matchAll(/<option\b[^>]*>/g)].map(([option]) => option);
    const selected = chosen.find((option) => /\sselected/.test(option)) ?? chosen[0];
    const name = attribute(tag, 'name');
    if (name && selected) fields[name] = attribute(selected, 'value') ?? '';
  }
  return fields;
}

function attribute(tag: string, name: string): string | undefined {
  const value = new RegExp(`\\s${name}="([^"]*)"`).exec(tag)?.[1];
  return value === undefined ? undefined : decode(value);
}

function textOf(html: string): string {
  return decode(html.replace(/<[^>]+>/g, ' '))
    .replace(/\s+/g, ' ')
    .trim();
}

function decode(text: string): string {
  return text
    .replace(/&#x([0-9a-f]+);/gi, (_, code: string) => String.fromCodePoint(Number.parseInt(code, 16)))
    .replace(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code)))
    .replace(/&quot;/g, '"')
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&amp;/g, '&');
}
