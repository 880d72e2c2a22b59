import { parseArgs } from 'node:util';
import { generateAaf, generateSeries, type GenerateSeriesOptions, type WrittenFeed } from '@socle/directory';
import { EXIT, type Command, type CommandIo } from './command.ts';
import { runDemoCode } from './demo-code.ts';
import { openProgress } from './progress.ts';

const USAGE = `
Usage: socle demo code LOGIN [--json]
       socle demo generate --out DIR [--pupils N] [--schools N] [--seed S] [--date YYYY-MM-DD] [--delta DAYS] [--json]

code: what the code generator of a demo account shows now (those whose sign-in asks for a code).

generate: writes complete synthetic AAF files of the first and second degree: invented people, reproducible by seed.
  --out DIR       where the files go; made when missing, refused when it holds XML files
  --pupils N      pupils in all, 1 to 2 000 000 (default 600)
  --schools N     schools in all, 1 to 5 000 (default 3: a collège, a primary school, a lycée)
  --seed S        any text; the same seed, counts and date give the same bytes (default "socle")
  --date D        day of the feed (default today)
  --delta DAYS    also a delta for each of so many days (1 to 366) and the complete feed of the last, a folder each
  --json          prints { files: [{ name, bytes, records, sha256 }], counts, bytes, milliseconds }
`;

/** `socle demo generate`. */
export const demoCommand: Command = {
  name: 'demo',
  summary: 'Writes synthetic AAF files; tells the code of a demo account',
  usage: USAGE,
  async run(args, io) {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        out: { type: 'string' },
        pupils: { type: 'string', default: '600' },
        schools: { type: 'string', default: '3' },
        seed: { type: 'string', default: 'socle' },
        date: { type: 'string' },
        delta: { type: 'string' },
        json: { type: 'boolean' },
        help: { type: 'boolean' },
      },
    });
    if (values.help) {
      io.stdout(USAGE.trimStart());
      return EXIT.done;
    }
    const wrong = (sentence: string) => {
      io.stderr(`socle demo: ${sentence} See socle demo --help.\n`);
      return EXIT.usage;
    };
    const [verb, login, ...others] = positionals;
    if (verb === 'code' && login !== undefined && others.length === 0)
      return runDemoCode(login, values.json, io);
    if (verb !== 'generate' || positionals.length > 1)
      return wrong('say socle demo generate --out DIR, or socle demo code LOGIN.');
    if (values.out === undefined || values.out === '') return wrong('--out DIR is missing.');
    const [pupils, schools] = [parseCount(values.pupils), parseCount(values.schools)];
    if (pupils === undefined) return wrong('--pupils takes a whole number.');
    if (schools === undefined) return wrong('--schools takes a whole number.');
    const date = parseDay(values.date);
    if (!date) return wrong('--date takes a day such as 2026-09-01.');
    const startedAt = performance.now();
    if (values.delta !== undefined) {
      const days = parseCount(values.delta);
      if (days === undefined) return wrong('--delta takes a number of days.');
      const { out: folder, seed, json = false } = values;
      await writeSeries(io, { folder, pupils, schools, seed, date, days }, json);
      return EXIT.done;
    }
    const progress = openProgress(io);
    const feed = await generateAaf({
      folder: values.out,
      pupils,
      schools,
      seed: values.seed,
      date,
      onProgress: (at) => progress.show({ stage: 'pupils', done: at.pupils, total: at.totalPupils }),
    }).finally(() => progress.close());
    report(io, feed, Math.round(performance.now() - startedAt), values.out, values.json ?? false);
    return EXIT.done;
  },
};

async function writeSeries(io: CommandIo, options: GenerateSeriesOptions, json: boolean): Promise<void> {
  const progress = openProgress(io);
  const series = await generateSeries({
    ...options,
    onDay: (day) => progress.show({ stage: 'days', done: day, total: options.days }),
  }).finally(() => progress.close());
  if (json) {
    io.stdout(`${JSON.stringify(series)}\n`);
    return;
  }
  const { first, deltas, last } = series;
  const describe = (feed: typeof first) =>
    `${feed.folder}: ${feed.counts.pupils} pupils, ${feed.counts.relatives} relatives, ${feed.counts.staff} staff\n`;
  io.stdout(
    describe(first) +
      deltas
        .map(
          ({ folder, counts }) =>
            `${folder}: ${counts.added} added, ${counts.modified} modified, ${counts.deleted} deleted\n`,
        )
        .join('') +
      describe(last),
  );
}

function parseCount(text: string): number | undefined {
  return /^\d{1,9}$/.test(text) ? Number(text) : undefined;
}

function parseDay(text: string | undefined): Date | undefined {
  if (text === undefined) return new Date();
  const date = new Date(`${text}T00:00:00Z`);
  // A day such as 31 February would silently become one of March.
  const exists = !Number.isNaN(date.getTime()) && date.toISOString().startsWith(`${text}T`);
  return exists ? date : undefined;
}

function report(io: CommandIo, feed: WrittenFeed, milliseconds: number, folder: string, json: boolean): void {
  const bytes = feed.files.reduce((sum, file) => sum + file.bytes, 0);
  if (json) {
    io.stdout(`${JSON.stringify({ ...feed, bytes, milliseconds })}\n`);
    return;
  }
  const { counts } = feed;
  io.stdout(
    `${feed.files.length} files, ${(bytes / 1e6).toFixed(1)} MB in ${folder} (${milliseconds} ms)\n` +
      `${counts.schools} schools, ${counts.pupils} pupils, ${counts.relatives} relatives, ${counts.staff} staff, ` +
      `${counts.classes} classes, ${counts.groups} groups\n` +
      `ties: ${counts.links.legal} legal, ${counts.links.inCharge} in charge, ${counts.links.contact} contact, ` +
      `${counts.missingRelatives} to a relative that is not in the feed\n`,
  );
}
