import { button, defineStrings, html, trustedHtml } from '@socle/pages';
import { chooseRequestLanguage } from './page-language.ts';
import type { ProviderOptions } from './provider-configuration.ts';
import { showPage } from './provider-views.ts';
import type { IncomingMessage } from 'node:http';

const TEXTS = defineStrings({
  fr: { title: 'Un instant', lead: 'Vous êtes conduit à la suite.', go: 'Continuer' },
  en: { title: 'One moment', lead: 'You are led on.', go: 'Continue' },
});

/** The page by which the provider sends a form on: it has no language, no landmark, and a script inside. */
const FORM =
  /^<!DOCTYPE html>[^]*?<title>Submitting Callback<\/title>[^]*?<form method="post" action="([^"]*)">/;
const FIELD = /<input type="hidden" name="[^"]*" value="[^"]*"\/>/g;

/**
 * Puts a page of the house in place of the one by which the provider sends a form on (response mode `form_post`, a sign-out
 * of nobody): in the person's language, under the policy of every page, and with a button for browsers without JavaScript.
 */
export async function redrawPassingForm(
  ctx: {
    readonly req: IncomingMessage;
    type: string;
    body: unknown;
    set(name: string, value: string): void;
  },
  { pages, findEntranceSchool }: Pick<ProviderOptions, 'pages' | 'findEntranceSchool'>,
): Promise<void> {
  const { body } = ctx;
  const action = typeof body === 'string' ? FORM.exec(body)?.[1] : undefined;
  if (typeof body !== 'string' || action === undefined) return;
  const language = chooseRequestLanguage(ctx.req);
  const t = TEXTS[language];
  // action and fields were escaped by the provider
  const page = pages.sheet({
    language,
    title: t.title,
    lead: t.lead,
    school: await findEntranceSchool?.(ctx.req),
    formTargets: [new URL(action).origin],
    body: html`<form class="form" method="post" action="${trustedHtml(action)}" data-sends-itself>${trustedHtml((body.match(FIELD) ?? []).join(''))}${button({ label: t.go, wide: true })}</form>`,
  });
  showPage(ctx, page);
}
