import type { IncomingMessage } from 'node:http';
import { buildDeviceLabel } from '../device-label.ts';
import { chooseRequestLanguage } from '../page-language.ts';
import type { IdentityPages } from '../pages.ts';
import type { FindEntranceSchool } from '../ports.ts';
import type { RenderedPage } from '../provider-gate.ts';
import { renderCodeConfirmation, renderCodeInput, renderDeviceConnected, type CodeProblem } from './pages.ts';

/** Carries a code of the address (`verification_uri_complete`) to the page; set at the door alone. */
export const PREFILLED_CODE_HEADER = 'x-socle-user-code';

/** What the pages read of a request of the provider. */
interface DeviceContext {
  readonly req: IncomingMessage;
  get(header: string): string;
  readonly oidc: { readonly session?: { readonly state?: unknown } | undefined };
}

interface DeviceClient {
  readonly clientId: string;
  readonly clientName?: string | undefined;
}

/** The device flow of the provider (RFC 8628), with the house's pages; `show` sends one. */
export function buildDeviceFlow<Context extends DeviceContext>(
  {
    pages,
    findEntranceSchool,
  }: {
    readonly pages: Pick<IdentityPages, 'sheet'>;
    readonly findEntranceSchool: FindEntranceSchool | undefined;
  },
  show: (ctx: Context, page: RenderedPage) => void,
) {
  const xsrfOf = (ctx: Context) => (ctx.oidc.session?.state as { secret?: string } | undefined)?.secret ?? '';
  return {
    enabled: true,
    charset: 'base-20' as const,
    mask: '****-****',
    // The label alone: an address or the whole header would be personal data that nobody needs.
    deviceInfo: (ctx: Context) => ({ device: buildDeviceLabel(ctx.get('user-agent')) }),
    async userCodeInputSource(ctx: Context, _form: string, out?: unknown, error?: unknown) {
      const problem = problemOf(error, out);
      const page = renderCodeInput(pages, {
        language: chooseRequestLanguage(ctx.req),
        school: await findEntranceSchool?.(ctx.req),
        xsrf: xsrfOf(ctx),
        code: String(ctx.req.headers[PREFILLED_CODE_HEADER] ?? ''),
        ...(problem && { problem }),
      });
      show(ctx, page);
    },
    async userCodeConfirmSource(
      ctx: Context,
      _form: string,
      client: DeviceClient,
      device: unknown,
      code: string,
    ) {
      const language = chooseRequestLanguage(ctx.req);
      const named = Reflect.get(client, `client_name#${language}`) as unknown;
      const page = renderCodeConfirmation(pages, {
        language,
        school: await findEntranceSchool?.(ctx.req),
        xsrf: xsrfOf(ctx),
        code,
        service: typeof named === 'string' ? named : (client.clientName ?? client.clientId),
        device: String((device as { device?: unknown }).device ?? ''),
      });
      show(ctx, page);
    },
    async successSource(ctx: Context) {
      const school = await findEntranceSchool?.(ctx.req);
      show(ctx, renderDeviceConnected(pages, { language: chooseRequestLanguage(ctx.req), school }));
    },
  };
}

function problemOf(error: unknown, out: unknown): CodeProblem | undefined {
  if (error === undefined && out === undefined) return undefined;
  const name = (error as { name?: string } | undefined)?.name;
  if (name === 'NoCodeError') return 'missing';
  return name === 'AbortedError' ? 'aborted' : 'unknown';
}
