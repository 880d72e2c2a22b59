import type { NewEvent } from '@socle/audit';
import type { LinkChanges } from './apply-links.ts';
import type { PeopleChanges } from './apply-people.ts';
import type { Pass } from './pass.ts';

/** Changes of one relation in one school; only known people are listed, the rest is counted. */
export interface RelationOutcome {
  readonly opened: number;
  readonly ended: number;
  readonly changes: readonly {
    readonly change: 'opened' | 'ended';
    readonly person: string;
    readonly label: string | null;
  }[];
}

export interface PassOutcome {
  readonly people: PeopleChanges;
  readonly roles: RelationOutcome;
  readonly members: RelationOutcome;
  readonly teaching: RelationOutcome;
  readonly heads: RelationOutcome;
  readonly links: LinkChanges;
}

/** What a pass changed in one school. */
export interface SchoolCounts {
  readonly people_created: number;
  readonly people_changed: number;
  readonly roles_opened: number;
  readonly roles_ended: number;
  readonly memberships_opened: number;
  readonly memberships_ended: number;
  readonly teaching_opened: number;
  readonly teaching_ended: number;
  readonly links_opened: number;
  readonly links_ended: number;
}

/** What a pass changed, in counts. */
export function countPass(outcome: PassOutcome): SchoolCounts {
  return {
    people_created: outcome.people.created,
    people_changed: outcome.people.changed.length,
    roles_opened: outcome.roles.opened,
    roles_ended: outcome.roles.ended,
    memberships_opened: outcome.members.opened,
    memberships_ended: outcome.members.ended,
    teaching_opened: outcome.teaching.opened + outcome.heads.opened,
    teaching_ended: outcome.teaching.ended + outcome.heads.ended,
    links_opened: outcome.links.opened,
    links_ended: outcome.links.ended,
  };
}

/** Did a pass change anything? */
export function hasChanges(counts: SchoolCounts): boolean {
  return Object.values(counts).some((count) => count > 0);
}

/**
 * The events of a pass: one for each known person whose role, classes, teaching or authority changed, and one that counts
 * everything (none where nothing changed). People who are created are counted, not listed: see docs/decisions.
 */
export function buildChangeEvents(pass: Pass, outcome: PassOutcome): NewEvent[] {
  const events = [...buildPersonEvents(pass, outcome), ...buildLinkEvents(pass, outcome.links)];
  const detail = countPass(outcome);
  if (hasChanges(detail)) {
    events.push({
      ...buildBase(pass),
      action: 'directory.school.imported',
      target: pass.school ? { kind: 'school', id: pass.school.id } : { kind: 'academy', id: pass.academy },
      detail: { import: pass.importId, digest: pass.digest, ...detail },
    });
  }
  return events;
}

function buildBase(pass: Pass) {
  return {
    at: pass.at,
    controller: pass.controller,
    actor: { kind: 'system', id: 'import' },
    outcome: 'success',
  } as const;
}

function buildPersonEvents(pass: Pass, outcome: PassOutcome): NewEvent[] {
  const base = buildBase(pass);
  const school = pass.school?.id ?? pass.academy;
  const events: NewEvent[] = outcome.people.returned.map(({ id, controller }) => ({
    ...base,
    controller,
    action: 'directory.person.returned',
    target: { kind: 'person', id },
    detail: { import: pass.importId },
  }));
  for (const { change, person, label } of outcome.roles.changes) {
    events.push({
      ...base,
      action: change === 'opened' ? 'directory.role.granted' : 'directory.role.ended',
      target: { kind: 'person', id: person },
      detail: { role: label!, scope: 'school', domain: school, source: 'feed', import: pass.importId },
    });
  }
  const relations = [
    ['directory.division.changed', outcome.members.changes],
    ['directory.teaching.changed', [...outcome.teaching.changes, ...outcome.heads.changes]],
  ] as const;
  for (const [action, changes] of relations) {
    for (const [person, counts] of countByPerson(changes)) {
      events.push({
        ...base,
        action,
        target: { kind: 'person', id: person },
        detail: { import: pass.importId, school, ...counts },
      });
    }
  }
  return events;
}

function countByPerson(changes: RelationOutcome['changes']): Map<string, { opened: number; ended: number }> {
  const byPerson = new Map<string, { opened: number; ended: number }>();
  for (const { person, change } of changes) {
    const counts = byPerson.get(person) ?? { opened: 0, ended: 0 };
    counts[change] += 1;
    byPerson.set(person, counts);
  }
  return byPerson;
}

function buildLinkEvents(pass: Pass, links: LinkChanges): NewEvent[] {
  return links.changes.map((link) => ({
    ...buildBase(pass),
    controller: link.controller_id,
    action: 'directory.authority.changed',
    target: { kind: 'person', id: link.child_id },
    detail: {
      import: pass.importId,
      adult: link.adult_id,
      exercise: link.exercise,
      ...(link.kind ? { kind: link.kind } : {}),
    },
  }));
}
