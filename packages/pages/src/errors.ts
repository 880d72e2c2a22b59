import { SocleError } from '@socle/base';

/** Every code the page kit throws. */
export type PagesErrorCode = 'pages.content_refused' | 'pages.address_refused' | 'pages.asset_missing';

/** A refusal of the page kit: content or an address that must not reach a browser. */
export class PagesError extends SocleError<PagesErrorCode> {}
