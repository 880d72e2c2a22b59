import { isSocleError, type PersonId } from '@socle/base';
import type { Tx } from '@socle/db';
import {
  loadPersonCards,
  loadRollovers,
  previewYear,
  type PersonCard,
  type Rollover,
  type School,
  type YearPreview,
} from '@socle/directory';
import type { Visit } from '../../visit.ts';

/** The years of one school, as they stand now. */
export interface YearView {
  readonly school: School;
  /** Newest first. */
  readonly rollovers: readonly Rollover[];
  readonly open: Rollover | undefined;
  /** The one that was switched last, when none is open. */
  readonly latest: Rollover | undefined;
  /** Undefined while nobody is planned, or an import is running. */
  readonly preview: YearPreview | undefined;
  /** An import is running: what the switch would do is not known now. */
  readonly isBusy: boolean;
  readonly cards: ReadonlyMap<PersonId, PersonCard>;
}

/** Loads the years of a school, and what a switch would do now. */
export async function loadYear({ socle, now }: Visit, school: School): Promise<YearView> {
  return socle.database.transaction(
    async (tx) => {
      const rollovers = await loadRollovers(tx, school.id);
      const open = rollovers.find(({ state }) => state === 'preparing');
      const preview = open && (await lookAhead(tx, open, now));
      const isPlanned =
        preview !== undefined && (preview.arriving.length > 0 || preview.divisions.length > 0);
      const people = [
        ...rollovers.flatMap(({ preparedBy, switchedBy }) =>
          switchedBy ? [preparedBy, switchedBy] : [preparedBy],
        ),
        ...(isPlanned ? [...preview.leaving, ...preview.losses.map(({ person }) => person)] : []),
      ];
      return {
        school,
        rollovers,
        open,
        latest: open ? undefined : rollovers.find(({ state }) => state === 'switched'),
        preview: isPlanned ? preview : undefined,
        isBusy: open !== undefined && preview === undefined,
        cards: await loadPersonCards(tx, [...new Set(people)], now),
      };
    },
    // the preview is the switch, rolled back
    { scope: 'all' },
  );
}

/** The preview; undefined while an import is running. */
async function lookAhead(tx: Tx, { id }: Rollover, now: Date): Promise<YearPreview | undefined> {
  try {
    return await previewYear(tx, id, now);
  } catch (error) {
    if (isSocleError(error) && error.code === 'import_already_running') return undefined;
    throw error;
  }
}
