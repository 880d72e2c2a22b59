import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { loadPolicies, replayDecision, type PastDecision } from '@socle/authorization';
import { z } from 'zod';
import { EXIT, type CommandIo } from './command.ts';
import { findPoliciesFolder } from './policy-folder.ts';
import { print } from './session.ts';

const detailSchema = z.looseObject({
  action: z.string(),
  rule: z.string().optional(),
  basis: z.enum(['allow', 'deny', 'none', 'error']),
  policies: z.string(),
  acr: z.string().optional(),
  published: z.boolean().optional(),
  closed: z.boolean().optional(),
});
const payloadSchema = z.looseObject({
  action: z.string().regex(/^[a-z][a-z0-9-]*\.decision\.made$/),
  outcome: z.enum(['success', 'denied', 'error']),
  id: z.string(),
  detail: detailSchema,
});

interface Change {
  readonly event: string;
  readonly leaf: number | undefined;
  readonly action: string;
  readonly was: 'allowed' | 'denied';
  readonly rule: string | undefined;
  readonly would: 'allowed' | 'denied' | 'depends';
  readonly by: readonly string[];
}

/**
 * `socle policy replay FILE --policy NEW`: exit code 0 when every decision stays as it was, 1 when one would differ or may,
 * or when none could be judged. Decisions that other policies took than those of `--policies` are counted, not judged.
 */
export async function runPolicyReplay(args: readonly string[], io: CommandIo): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { policy: { type: 'string' }, policies: { type: 'string' }, json: { type: 'boolean' } },
  });
  const [file] = positionals;
  if (file === undefined || positionals.length > 1 || values.policy === undefined) {
    io.stderr(
      'socle policy replay: give the events.ndjson of an export and --policy DIR. See socle policy --help.\n',
    );
    return EXIT.usage;
  }
  const before = await loadPolicies(findPoliciesFolder(values.policies, io), { isEarlier: true });
  const after = await loadPolicies(values.policy);
  const counts = { decisions: 0, otherPolicies: 0, notJudged: 0, same: 0, differ: 0, depend: 0 };
  const changes: Change[] = [];
  let lineNumber = 0;
  try {
    for await (const line of createInterface({ input: createReadStream(file, 'utf8') })) {
      lineNumber += 1;
      const found = readDecision(line);
      if (found === undefined) continue;
      counts.decisions += 1;
      if (found.policies !== before.digest) {
        counts.otherPolicies += 1;
        continue;
      }
      const replay = replayDecision(before, after, found.past);
      if (replay === undefined) {
        counts.notJudged += 1;
        continue;
      }
      const was = found.past.allowed ? 'allowed' : 'denied';
      if (replay.verdict === was) counts.same += 1;
      else {
        counts[replay.verdict === 'depends' ? 'depend' : 'differ'] += 1;
        const { action, rule } = found.past;
        changes.push({
          event: found.id,
          leaf: found.leaf,
          action,
          was,
          rule,
          would: replay.verdict,
          by: replay.rules,
        });
      }
    }
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (!(error instanceof SyntaxError) && code !== 'ENOENT' && code !== 'EISDIR') throw error;
    io.stderr(
      error instanceof SyntaxError
        ? `socle policy replay: line ${lineNumber} is no JSON; give the events.ndjson of an export.\n`
        : 'socle policy replay: the file is not there; give the events.ndjson of an export.\n',
    );
    return EXIT.refused;
  }
  const judged = counts.same + counts.differ + counts.depend;
  print(io, values.json, { before: before.digest, after: after.digest, counts, changes }, [
    ...changes.map(
      ({ event, leaf, action, was, rule, would, by }) =>
        `${leaf ?? event}  ${action}  was ${was}${rule === undefined ? '' : ` by ${rule}`}, ${
          would === 'depends' ? 'depends on facts that the log does not keep' : `would be ${would}`
        }${by.length === 0 ? '' : ` (${by.join(', ')})`}`,
    ),
    `${counts.decisions} decisions: ${counts.same} the same, ${counts.differ} would differ, ${counts.depend} may differ`,
    ...(counts.notJudged > 0
      ? [`${counts.notJudged} were errors or name a rule that is not there: not judged`]
      : []),
    ...(counts.otherPolicies > 0
      ? [
          `${counts.otherPolicies} were taken by other policies than ${before.digest.slice(0, 12)}: not judged`,
        ]
      : []),
  ]);
  return judged > 0 && changes.length === 0 ? EXIT.done : EXIT.refused;
}

function readDecision(line: string):
  | {
      readonly past: PastDecision;
      readonly policies: string;
      readonly id: string;
      readonly leaf: number | undefined;
    }
  | undefined {
  if (line === '') return undefined;
  const { payload, masked, leaf } = JSON.parse(line) as Record<string, unknown>;
  const parsed = payloadSchema.safeParse(payload ?? masked);
  if (!parsed.success) return undefined;
  const { id, outcome, detail } = parsed.data;
  const { action, basis, rule, acr, policies, published, closed } = detail;
  return {
    id,
    policies,
    leaf: typeof leaf === 'number' ? leaf : undefined,
    past: {
      action,
      basis,
      allowed: outcome === 'success',
      resource: {
        ...(published === undefined ? {} : { published }),
        ...(closed === undefined ? {} : { closed }),
      },
      ...(rule === undefined ? {} : { rule }),
      ...(acr === undefined ? {} : { acr }),
    },
  };
}
