import type { Command, CommandIo } from './command.ts';
import { EXIT } from './command.ts';
import { runPolicyWhatCan, runPolicyWhoCan } from './policy-access.ts';
import { runPolicyBaseline } from './policy-baseline.ts';
import { runPolicyBundle } from './policy-bundle.ts';
import { runPolicyCheck } from './policy-check.ts';
import { runPolicyCoverage } from './policy-coverage.ts';
import { runPolicyDiff } from './policy-diff.ts';
import { runPolicyExplain } from './policy-explain.ts';
import { runPolicyGen } from './policy-gen.ts';
import { runPolicyLint } from './policy-lint.ts';
import { runPolicyMatrix } from './policy-matrix.ts';
import { runPolicyMutate } from './policy-mutate.ts';
import { runPolicyReplay } from './policy-replay.ts';
import { runPolicyTest } from './policy-test.ts';

const VERBS: ReadonlyMap<string, (args: readonly string[], io: CommandIo) => Promise<number>> = new Map([
  ['test', runPolicyTest],
  ['lint', runPolicyLint],
  ['explain', runPolicyExplain],
  ['mutate', runPolicyMutate],
  ['coverage', runPolicyCoverage],
  ['diff', runPolicyDiff],
  ['who-can', runPolicyWhoCan],
  ['what-can', runPolicyWhatCan],
  ['matrix', runPolicyMatrix],
  ['baseline', runPolicyBaseline],
  ['bundle', runPolicyBundle],
  ['check', runPolicyCheck],
  ['replay', runPolicyReplay],
  ['gen', runPolicyGen],
]);

/** `socle policy`: offline, on the policies folder and its fixtures; only `bundle activate`, `rollback` and `diff --on-data` open the database. */
export const policyCommand: Command = {
  name: 'policy',
  summary: 'Tests and explains the policies',
  usage: `
Usage: socle policy VERB [options]

  test      tries every tests.yaml, every invariant, and the coverage of every rule both ways
  lint      rules that say nothing, allow too much, or never apply
  explain   why a person of the fixtures may or may not do something
  mutate    changes one rule at a time and asks whether the tests see it
  coverage  how often the tests saw each rule deciding, and not holding
  diff [A [B]]  who gains and who loses from one policies folder (default: the last release, baseline/) to another
            (default: the policies), in French and in English; --on-data counts who of the territory does
  baseline  keeps the policies as those of this release, in baseline/
  who-can   everybody of the fixtures who may do something to a thing (--act, --on)
  what-can  all that a person of the fixtures may do (--who)
  matrix    who may do what, as a page to print (--lang fr|en, --out FILE)
  check     test, lint and mutate in one run
  replay FILE --policy DIR  which decisions of an audit export (events.ndjson) the policies in DIR would take otherwise
            than those that took them (--policies), on the same facts
  gen tests near-miss tests of each rule, as YAML to review (--rule ID, --out FILE, which must not exist)
  bundle    build --number N | sign FILE --key PEM | verify FILE --key PEM [--newer-than N]; --out FILE
            activate FILE | rollback --to N [--statement FILE] put one in force; sign-rollback --from N --to N --key PEM

  --policies DIR   the policies folder (default: SOCLE_POLICIES_DIR, then policies/)
  --json           one JSON document on stdout and nothing else
  --junit FILE     test: a JUnit report too
  --depth 1|2      diff: the facts of one rule, or of two together (default 2)

explain:
  --who ID         a person of fixtures/school.yaml
  --act NAME       an action (grades.mark.read)
  --on TYPE        an object type, or a resource of the fixtures
  --prop NAME=VALUE   a property of the resource (school, division, subject, pupil, owner, published, closed, …); repeatable
  --at INSTANT     when (default: the instant of the fixtures)
  --acr CLASS      how the session was opened (badge, password, factor, passkey)
  --why-not        every rule that could have allowed, with all that failed
`,
  async run(args, io) {
    const [verb, ...rest] = args;
    const run = VERBS.get(verb ?? '');
    if (run === undefined) {
      io.stderr(`socle policy: say ${[...VERBS.keys()].join(', ')}. See socle policy --help.\n`);
      return EXIT.usage;
    }
    return run(rest, io);
  },
};
