import type { IncomingHttpHeaders } from 'node:http';
import { messages, type MessageName } from './messages.ts';

/** Renders a page that says one thing and shows the way on, in the reader's language. */
export function renderMessagePage(options: {
  readonly name: MessageName;
  /** Where the way on leads. */
  readonly href: string;
  readonly moduleTitle: { readonly fr: string; readonly en: string };
  readonly headers: IncomingHttpHeaders;
}): string {
  const language = /^\s*en\b/i.test(options.headers['accept-language'] ?? '') ? 'en' : 'fr';
  const message = messages[options.name][language];
  return `<!doctype html><html lang="${language}"><head><meta charset="utf-8"><title>${escape(message.title)}</title></head><body><main><h1>${escape(message.title)}</h1><p>${escape(message.text)}</p><p><a href="${escape(options.href)}">${escape(message.action)}</a></p></main></body></html>`;
}

function escape(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
