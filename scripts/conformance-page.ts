import { PLANS, type ConformancePlan } from '../test/flows/conformance/plans.ts';
import type { TestRun } from './test-run.ts';

const FOLDER = 'test/flows/conformance/';

const HEAD = `# Conformance

Generated from a run by \`npm run docs:evidence\`; do not edit. Each line is a module of a public test plan of the OpenID
Foundation's conformance suite, under its own name, done over HTTP against a running socle by the test of that name in
\`${FOLDER}\`: what the module does, and the refusal that belongs to it. It is our reading of the public modules, not a
run of the suite itself, and no certification.

What a reader should know:

- Every request carries PKCE, because this server demands it of everyone. The public Basic plan sends none in most of its
  modules, so a run of the suite needs a server that lets one client off; this one does not.
- Socle knows no e-mail, address or telephone number: the three scopes are not announced, which the suite skips.
- Unsigned request objects and addresses of request objects are refused and not announced, which the suite accepts.
- Signing out always asks the person; the suite lets its browser agree.
- The FAPI plan (its source is public) is that of Message Signing without the modules that need signed request objects. Of the 62
  names of one published version, 57 are here; the five others are of ecosystems and do not apply to \`plain_fapi\`: two of
  Australia's ConnectID, Brazil's payment signature, and two of open banking (the consent of another client, strong customer
  authentication asked for by acr). \`ensure-invalid-client-assertions-fail\` came later. Grant management is not supported.
`;

/**
 * Renders docs/conformance.md from a run.
 * @throws Error when a module has no test of its name, or more than one.
 */
export function renderConformancePage(run: TestRun): string {
  const tests = run.filter((test) => test.file.startsWith(FOLDER));
  const parts = PLANS.map((plan) => renderPlan(plan, tests));
  const total = PLANS.reduce((sum, plan) => sum + plan.modules.length, 0);
  const passed = PLANS.flatMap((plan) => plan.modules).filter((module) => isPassed(module, tests)).length;
  return `${HEAD}\n**${passed} of ${total} modules pass.**\n\n${parts.join('\n')}`;
}

function renderPlan(plan: ConformancePlan, tests: TestRun): string {
  const passed = plan.modules.filter((module) => isPassed(module, tests)).length;
  const rows = plan.modules.map((module, index) => {
    const result = isPassed(module, tests) ? 'passed' : 'failed';
    return `| ${index + 1} | \`${module}\` | ${result} |`;
  });
  const variant = plan.variant === '' ? '' : `Variant: ${plan.variant}. `;
  return `## ${plan.title}

\`${plan.id}\`. ${variant}${passed} of ${plan.modules.length} pass.

| | module | result |
|---|---|---|
${rows.join('\n')}
`;
}

function isPassed(module: string, tests: TestRun): boolean {
  const own = tests.filter((test) => test.title === module);
  if (own.length !== 1) throw new Error(`${module} has ${own.length} tests of its name`);
  return own[0]?.status === 'passed';
}
