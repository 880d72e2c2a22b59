import type { EventActor } from '@socle/audit';
import type { Tx } from '@socle/db';
import { loadAcademies, type ConfirmGuarded, type GuardedFeed } from '@socle/directory';
import type { ApprovalRow } from '../approvals/store.ts';
import type { Socle } from '../compose.ts';

const KIND = 'directory.import.force';

/** True for a feed whose very bytes another person confirmed for this asker; uses the confirmation up. */
export const confirmedBySecond =
  (socle: Pick<Socle, 'approvals'>, asker: EventActor): ConfirmGuarded =>
  async (tx, { digest }) =>
    (await socle.approvals.use(tx, { kind: KIND, subject: digest, by: asker })) !== undefined;

/** Asks a second person to let a feed pass that the guard stopped; undefined when its academy is not known here. */
export async function askForForce(
  tx: Tx,
  socle: Pick<Socle, 'approvals'>,
  feed: Omit<GuardedFeed, 'degree'>,
  asking: { readonly reason: string; readonly by: EventActor },
): Promise<ApprovalRow | undefined> {
  const academy = (await loadAcademies(tx)).find((each) => each.code === feed.academyCode);
  if (!academy) return undefined;
  return socle.approvals.ask(tx, {
    kind: KIND,
    subject: feed.digest,
    controller: academy.controller,
    place: { academy: academy.id },
    summary: describe(feed),
    ...asking,
  });
}

/** What the second person reads: counts and codes. */
function describe(feed: Omit<GuardedFeed, 'degree'>) {
  const { academyCode, digest, known, departures, holders, roleEndings, links, linkEndings } = feed;
  const short = digest.slice(0, 16);
  return {
    fr: [
      `La garde a arrêté cet import de l’académie ${academyCode} (empreinte ${short}…).`,
      `${departures} des ${known} personnes connues partiraient.`,
      `${roleEndings} des ${holders} personnes qui ont un rôle en perdraient un.`,
      `${linkEndings} des ${links} liens entre un élève et un adulte finiraient ou changeraient.`,
    ],
    en: [
      `The guard stopped this import of the academy ${academyCode} (digest ${short}…).`,
      `${departures} of the ${known} people known would leave.`,
      `${roleEndings} of the ${holders} people with a role would lose one.`,
      `${linkEndings} of the ${links} links between a pupil and an adult would end or change.`,
    ],
  };
}
