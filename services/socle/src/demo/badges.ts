import { invariant, type PersonId } from '@socle/base';
import { findPerson, loadSchools } from '@socle/directory';
import type { Socle } from '../compose.ts';
import { UAI } from './cast-keys.ts';
import type { DemoAccountLine } from './passwords.ts';

/** Who signs in with a badge in the demo: pupils of the primary school. */
const BADGE_HOLDERS: readonly string[] = ['come.lanoe'];

const BY_DEMO = { actor: { kind: 'system', id: 'demo' } } as const;

/** What an account's line says of its badge. */
export function badgeOf(
  line: Pick<DemoAccountLine, 'badge' | 'badgeCode' | 'pictures'> | undefined,
): Pick<DemoAccountLine, 'badge' | 'badgeCode' | 'pictures'> {
  if (!line?.badge || !line.badgeCode || !line.pictures) return {};
  return { badge: line.badge, badgeCode: line.badgeCode, pictures: line.pictures };
}

/** The lines with a badge for those who should have one; one that a line has already is left alone. */
export async function prepareBadges(
  socle: Socle,
  lines: readonly DemoAccountLine[],
  people: ReadonlyMap<string, PersonId>,
): Promise<readonly DemoAccountLine[]> {
  const done: DemoAccountLine[] = [];
  for (const line of lines) {
    const person = people.get(line.username);
    const isMissing = BADGE_HOLDERS.includes(line.username) && !line.badge;
    done.push(isMissing && person ? { ...line, ...(await issueBadge(socle, person)) } : line);
  }
  return done;
}

async function issueBadge(socle: Socle, id: PersonId): Promise<ReturnType<typeof badgeOf>> {
  return socle.database.transaction(
    async (tx) => {
      const person = await findPerson(tx, id);
      const school = (await loadSchools(tx)).find(({ uai }) => uai === UAI.primary);
      invariant(person && school, 'the demo pupil and the primary school have been imported');
      const [printed] = await socle.identity.badges.issue(tx, [person], {
        ...BY_DEMO,
        schoolId: school.id,
        newPictures: true,
      });
      const address = printed?.address.revealText() ?? '';
      return {
        badge: address.slice(address.indexOf('#') + 1),
        badgeCode: printed?.shortCode.revealText() ?? '',
        pictures: printed?.pictures?.revealText().split(' ') ?? [],
      };
    },
    { scope: 'all' },
  );
}
