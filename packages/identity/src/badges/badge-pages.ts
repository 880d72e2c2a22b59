import {
  button,
  buttonLink,
  errorSummary,
  form,
  html,
  nothing,
  picturePad,
  printedCodeField,
} from '@socle/pages';
import type { IdentityPages } from '../pages.ts';
import type { RenderedPage } from '../provider-gate.ts';
import type { WayView } from '../sign-in/way-view.ts';
import { BADGE_TEXTS } from './badge-texts.ts';
import { PICTURES, PICTURES_IN_CODE, pictureName } from './pictures.ts';

/** The two pages of a badge: the badge itself, then the pictures. */
export interface BadgePages {
  badge(view: WayView & { readonly problem?: 'missing' | 'refused' | 'closed' | 'wait' }): RenderedPage;
  /** `state` carries what was touched so far, sealed. */
  pictures(view: WayView & { readonly state: string; readonly chosen: number }): RenderedPage;
}

export function buildBadgePages(pages: IdentityPages): BadgePages {
  return {
    badge(view) {
      const { language, problem } = view;
      const t = BADGE_TEXTS[language];
      const error = problem && {
        message: t[problem],
        ...(problem === 'missing' || problem === 'refused' ? { name: 'badge' } : {}),
      };
      return pages.sheet({
        language,
        title: t.title,
        lead: t.lead,
        formTargets: view.formTargets,
        ...(view.school && { school: view.school }),
        returnTo: view.action,
        body: html`${error ? errorSummary([error], language) : nothing}${form({
          action: view.action,
          body: [
            printedCodeField({
              language,
              name: 'badge',
              label: t.code,
              hint: t.codeHint,
              fromAddress: true,
              ...(error?.name && { error: error.message }),
            }),
            button({ label: t.go, wide: true }),
          ],
        })}${buttonLink({ label: t.withPassword, href: view.back, kind: 'quiet', wide: true })}`,
      });
    },
    pictures(view) {
      const { language } = view;
      const t = BADGE_TEXTS[language];
      return pages.sheet({
        language,
        title: t.picturesTitle,
        titleNote: t.picturesTouched(view.chosen),
        formTargets: view.formTargets,
        ...(view.school && { school: view.school }),
        body: html`${picturePad({
          language,
          action: view.action,
          legend: t.legend,
          pictures: PICTURES.map((picture) => ({
            value: picture,
            icon: picture,
            label: pictureName(language, picture),
          })),
          chosen: view.chosen,
          wanted: PICTURES_IN_CODE,
          fields: { state: view.state },
        })}${buttonLink({ label: t.again, href: view.action, kind: 'quiet', wide: true })}`,
      });
    },
  };
}
