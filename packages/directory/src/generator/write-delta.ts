import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { deleteRecord, diffRecords } from './diff-records.ts';
import { DTD, DTD_NAME } from './dtd.ts';
import type { Degree, Family, Population, Staff } from './model.ts';
import type { FeedFile } from './part-writer.ts';
import { renderPupil1d, renderRelative1d, renderStaff1d } from './records-1d.ts';
import { renderPupil, renderRelative, renderStaff } from './records-2d.ts';
import { openWriters, prepareFolder, refuseFileErrors, type FileType } from './write-feed.ts';

export interface WriteDeltaOptions {
  /** Made when missing; refused when it holds XML files. */
  readonly folder: string;
  /** The population at the last feed, and now. They must be the same but for what `populationOn` does. */
  readonly before: Population;
  readonly after: Population;
  readonly academy: string;
  readonly date: Date;
}

/** What a delta holds. */
export interface WrittenDelta {
  readonly files: readonly FeedFile[];
  readonly counts: { readonly added: number; readonly modified: number; readonly deleted: number };
}

/**
 * Writes what changed between two days as an AAF delta: whole records of those who come, changed attributes of those who
 * stay, keys of those who go. Both populations are walked side by side, so memory does not grow with them.
 *
 * @throws DirectoryError as writeFeed.
 */
export async function writeDelta(options: WriteDeltaOptions): Promise<WrittenDelta> {
  const { folder, before, after } = options;
  await prepareFolder(folder);
  const degrees = (['2D', '1D'] as const).filter((degree) =>
    after.schools.some((school) => school.degree === degree),
  );
  const writers = openWriters({ ...options, kind: 'Delta' }, degrees);
  const counts = { added: 0, modified: 0, deleted: 0 };
  const write = async (old: Records, now: Records) => {
    for (const [place, record] of now) {
      const was = old.get(place);
      const request = was === undefined ? record.text : diffRecords(was.text, record.text);
      if (request === undefined) continue;
      counts[was === undefined ? 'added' : 'modified'] += 1;
      await add(record, request);
    }
    for (const [place, record] of old) {
      if (now.has(place)) continue;
      counts.deleted += 1;
      await add(record, deleteRecord(record.text));
    }
  };
  const add = async ({ degree, type }: RenderedRecord, request: string) => {
    const writer = writers.get(degree + type)!;
    writer.add(request);
    if (writer.full) await writer.drain();
  };
  return refuseFileErrors(writers, async () => {
    const families = after.families()[Symbol.iterator]();
    for (const old of before.families()) {
      const now = families.next().value as Family;
      if (now !== old) await write(renderFamily(old), renderFamily(now));
    }
    // The staff of a school are few: those who come and go shift the others, so they are compared by key.
    const staff = groupStaff(after.staff());
    for (const [key, old] of groupStaff(before.staff())) {
      await write(old, staff.get(key) ?? new Map());
      staff.delete(key);
    }
    for (const now of staff.values()) await write(new Map(), now);
    const files: FeedFile[] = [];
    for (const writer of writers.values()) files.push(...(await writer.close()));
    await writeFile(path.join(folder, DTD_NAME), DTD);
    return { files, counts };
  });
}

interface RenderedRecord {
  readonly degree: Degree;
  readonly type: FileType;
  readonly text: string;
}

/** Records by type and key. */
type Records = Map<string, RenderedRecord>;

function renderFamily(family: Family): Records {
  const records: Records = new Map();
  if (family.pupils.length === 0) return records;
  for (const pupil of family.pupils) {
    const { degree } = pupil.school;
    const text = degree === '1D' ? renderPupil1d(pupil) : renderPupil(pupil);
    records.set(`Eleve ${pupil.key}`, { degree, type: 'Eleve', text });
  }
  for (const relative of family.relatives) {
    const { degree } = relative;
    const text = degree === '1D' ? renderRelative1d(relative) : renderRelative(relative);
    records.set(`PersRelEleve ${relative.key}`, { degree, type: 'PersRelEleve', text });
  }
  return records;
}

function groupStaff(staff: Iterable<Staff>): Map<string, Records> {
  const byKey = new Map<string, Records>();
  for (const person of staff) {
    const { degree } = person;
    const text = degree === '1D' ? renderStaff1d(person) : renderStaff(person);
    byKey.set(`${degree} ${person.key}`, new Map([[person.key, { degree, type: 'PersEducNat', text }]]));
  }
  return byKey;
}
