import { buttonLink, emptyState } from '@socle/pages';
import type { Socle } from '../compose.ts';
import { writeSeen, type OpenView } from '../view-as/open-view.ts';
import type { Area, AreaAnswer, RouteOptions } from './area.ts';
import type { Visit } from './visit.ts';
import { strings } from './strings.ts';

/**
 * Answers an administrator who sees in somebody's place: pages that say they may be shown, each written in the log with both
 * people; nothing that is sent, but the form that ends the view. What is refused is written too.
 */
export async function answerInView(
  socle: Pick<Socle, 'audit'>,
  visit: Visit & { readonly view: OpenView },
  area: Area,
  options: RouteOptions,
  respond: (visit: Visit) => Promise<AreaAnswer>,
): Promise<AreaAnswer> {
  const { view, request, language } = visit;
  const isForm = request.method !== 'GET';
  const page = request.routeOptions.url ?? area.path;
  if (options.duringView && area.opensFor(visit)) {
    if (!isForm) await writeSeen(socle, view, { page });
    return respond(visit);
  }
  await writeSeen(socle, view, { page, refused: isForm ? 'form' : 'page' });
  const words = strings[language];
  return visit.page({
    title: words.viewRefusedTitle,
    status: 403,
    tabs: false,
    body: emptyState({
      icon: 'eye-off',
      title: isForm ? words.viewFormRefused : words.viewPageRefused,
      text: words.viewRefusedText,
      action: buttonLink({ label: words.home, href: '/', kind: 'secondary' }),
    }),
  });
}
