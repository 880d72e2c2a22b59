import type { Identity } from '@socle/identity';
import { card, descriptionList, emptyState, formatDate, html, stack, type Fragment } from '@socle/pages';
import type { AreaPage, Visit } from '../visit.ts';
import { act } from './security-page.ts';
import { strings } from './strings.ts';

type Receipt = Awaited<ReturnType<Identity['receipts']['list']>>[number];

/** `/account/services`: what each service receives. */
export function renderServices(visit: Visit, receipts: readonly Receipt[]): AreaPage {
  const words = strings[visit.language];
  return {
    title: words.servicesTitle,
    lead: words.servicesLead,
    body:
      receipts.length === 0
        ? emptyState({ icon: 'layout-grid', title: words.servicesNoneTitle, text: words.servicesNone })
        : stack(...receipts.map((receipt) => serviceCard(visit, receipt))),
  };
}

function serviceCard(visit: Visit, receipt: Receipt): Fragment {
  const { language } = visit;
  const words = strings[language];
  const names: Readonly<Record<string, string>> = words.attribute;
  const received = receipt.attributes.map(({ attribute, value }) => ({
    term: names[attribute] ?? attribute,
    description: value,
  }));
  const { agreedAt } = receipt;
  return card({
    title: receipt.name[language],
    icon: 'external-link',
    ...(receipt.purpose && { note: receipt.purpose[language] }),
    body: html`${received.length === 0 ? html`<p>${words.pseudonymOnly}</p>` : descriptionList(received)}${
      agreedAt ? html`<p class="muted">${words.agreedOn(formatDate(language, agreedAt))}</p>` : ''
    }`,
    ...(agreedAt && {
      actions: act(
        visit,
        `/account/services/${encodeURIComponent(receipt.clientId)}/withdrawn`,
        words.withdraw,
        receipt.name[language],
      ),
    }),
  });
}
