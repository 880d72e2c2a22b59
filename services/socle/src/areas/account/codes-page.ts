import { totpSetUpForm } from '@socle/identity';
import type { AreaPage, Visit } from '../visit.ts';
import { strings } from './strings.ts';

/** `/account/codes`: sets up a generator of codes. */
export async function renderCodes(visit: Visit, login: string, refused: boolean): Promise<AreaPage> {
  const { language, session, socle } = visit;
  const words = strings[language];
  const offer = socle.identity.factors.offerTotp({ id: session.accountId, login });
  return {
    title: words.codesTitle,
    lead: words.codesOff,
    tabs: false,
    back: { href: '/account' },
    status: refused ? 422 : 200,
    body: await totpSetUpForm({ language, action: '/account/codes', offer, refused, fields: visit.fields() }),
  };
}
