import type { IncomingMessage } from 'node:http';
import type { FindEntranceSchool } from './ports.ts';
import type { ProviderView, RenderedPage } from './provider-gate.ts';

/** The context of a request to the provider, as far as its pages look at it. */
interface ViewContext {
  readonly req: IncomingMessage;
  readonly oidc: {
    readonly client?: { readonly clientName?: string | undefined } | undefined;
    readonly session?: { readonly state?: unknown } | undefined;
  };
}

/** What a page of the provider is shown with. */
export async function viewOf(
  ctx: ViewContext,
  findEntranceSchool: FindEntranceSchool | undefined,
): Promise<ProviderView> {
  const { client, session } = ctx.oidc;
  const target = (session?.state as { postLogoutRedirectUri?: string } | undefined)?.postLogoutRedirectUri;
  return {
    request: ctx.req,
    school: await findEntranceSchool?.(ctx.req),
    formTargets: target === undefined ? [] : [new URL(target).origin],
    ...(client?.clientName !== undefined && { clientName: client.clientName }),
  };
}

/** Answers with a page, under its own policy. */
export function showPage(
  ctx: { type: string; body: unknown; set(name: string, value: string): void },
  page: RenderedPage,
): void {
  ctx.type = 'html';
  ctx.set('content-security-policy', page.contentSecurityPolicy);
  ctx.body = page.html;
}
