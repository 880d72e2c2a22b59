import type { AreaRoutes } from '../area.ts';
import { VIEW_END_PATH } from '../render-frame.ts';
import { strings } from '../strings.ts';

/** The one form that is taken during a view in somebody's place: the one that ends it. */
export function registerViewEnd({ post }: AreaRoutes): void {
  post(
    VIEW_END_PATH,
    async (visit) => {
      const { view, socle, language } = visit;
      if (view) await socle.views.end(view.row.id, { kind: 'person', id: view.row.viewer_id }, 'viewer');
      return visit.redirect('/account', { kind: 'good', title: strings[language].viewEnded });
    },
    { duringView: true },
  );
}
