import { passkeyForm } from '../credentials/passkey-form.ts';
import { CREDENTIAL_TEXTS } from '../credentials/texts.ts';
import type { SignInView } from '../pages.ts';
import type { RenderedPage } from '../provider-gate.ts';
import type { SignInTools } from './step.ts';
import type { OpenSignIn } from './way.ts';

/** The first page of a sign-in: name and password, a passkey, and the other ways in. */
export async function drawSignIn(
  tools: SignInTools,
  open: OpenSignIn,
  change: Partial<Pick<SignInView, 'username' | 'shared' | 'problem'>> = {},
): Promise<RenderedPage> {
  const { pending, language, address, formTargets, school } = open;
  const service = await open.findService();
  const t = CREDENTIAL_TEXTS[language];
  const login = change.username ?? pending.loginHint;
  const { problem } = change;
  const work =
    problem?.reason === 'work'
      ? problem.challenge
      : await tools.work.ask({ ...open.origin, uid: pending.uid, ...(login && { login }) });
  return tools.pages.signIn({
    language,
    action: address,
    username: pending.loginHint ?? '',
    shared: false,
    // a direct visit brings a name only when a session stands behind it; a client's hint proves nothing
    confirming:
      pending.accountId !== undefined || (pending.clientId === undefined && pending.loginHint !== undefined),
    formTargets,
    ...(service !== undefined && { service }),
    ...(school && { school }),
    ...(work && { work }),
    passkey: passkeyForm({
      action: `${address}/passkey`,
      kind: 'get',
      options: await tools.passkeys.ask(pending.uid),
      label: t.usePasskey,
      failure: t.passkeyGaveUp,
      conditional: true,
    }),
    ...change,
  });
}
