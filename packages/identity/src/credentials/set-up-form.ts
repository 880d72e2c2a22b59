import {
  button,
  codeField,
  errorSummary,
  form,
  html,
  nothing,
  type Fragment,
  type Language,
} from '@socle/pages';
import { qrPicture } from './qr-picture.ts';
import type { TotpOffer } from './second-factors.ts';
import { CREDENTIAL_TEXTS } from './texts.ts';

/** The form that sets up a generator of codes: the drawing, the key, and the first code back. */
export async function totpSetUpForm(options: {
  readonly language: Language;
  readonly action: string;
  readonly offer: TotpOffer;
  readonly refused: boolean;
  readonly fields?: Readonly<Record<string, string>>;
}): Promise<Fragment> {
  const { language, offer } = options;
  const t = CREDENTIAL_TEXTS[language];
  const summary = options.refused
    ? errorSummary([{ name: 'code', message: t.codeRefused }], language)
    : nothing;
  return html`${summary}<p>${t.setUpScan}</p>
    <p>${await qrPicture(offer.uri, t.setUpQr)}</p>
    <p>${t.setUpKey}${language === 'fr' ? '\u00a0: ' : ': '}<code>${offer.secret}</code></p>
    ${form({
      action: options.action,
      fields: { ...options.fields, ticket: offer.ticket },
      body: [
        codeField({
          language,
          name: 'code',
          label: t.setUpCode,
          ...(options.refused && { error: t.codeRefused }),
        }),
        button({ label: t.setUpConfirm, wide: true }),
      ],
    })}`;
}
