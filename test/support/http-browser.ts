/** A response as a browser would see it: redirects are not followed by themselves. */
export interface Page {
  readonly url: string;
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The absolute address of a redirect, or undefined. */
  readonly location: string | undefined;
}

interface Cookie {
  readonly name: string;
  readonly value: string;
  readonly host: string;
  readonly path: string;
}

/** A browser without JavaScript: a cookie jar (by host and path), links and forms. One for each person of a test. */
export interface HttpBrowser {
  get(url: string | URL, headers?: Record<string, string>): Promise<Page>;
  /** Sends a form as a page of the same origin would, with what a browser then says of itself. */
  post(url: string | URL, fields: Record<string, string>, headers?: Record<string, string>): Promise<Page>;
  /** Sends a form with a file, which stands last, as a page of the same origin would. */
  upload(
    url: string | URL,
    fields: Record<string, string>,
    file: { readonly field: string; readonly name: string; readonly content: string | Blob },
    headers?: Record<string, string>,
  ): Promise<Page>;
  /** Follows redirects from `page` until one leads to an address that starts with (or passes) `until`, which is not fetched. */
  follow(page: Page, until?: string | ((location: URL) => boolean)): Promise<Page>;
  /** Fills the first form of the page (hidden fields kept) and sends it. */
  submit(page: Page, fields: Record<string, string>): Promise<Page>;
  /** Cookies that would go to this address. */
  cookies(url: string): ReadonlyMap<string, string>;
  setCookie(url: string, name: string, value: string): void;
}

const MAX_REDIRECTS = 10;

/** Opens a browser with an empty jar. */
export function openBrowser(options: { readonly language?: string } = {}): HttpBrowser {
  let jar: Cookie[] = [];

  const matching = (url: URL) =>
    jar.filter((cookie) => cookie.host === url.hostname && pathMatches(cookie.path, url.pathname));

  async function request(
    address: string | URL,
    init: { method: string; body?: string | FormData; headers: Record<string, string> },
  ): Promise<Page> {
    const url = new URL(address);
    const cookie = matching(url)
      .map(({ name, value }) => `${name}=${value}`)
      .join('; ');
    const response = await fetch(url, {
      ...init,
      redirect: 'manual',
      headers: {
        accept: 'text/html',
        'accept-language': options.language ?? 'fr',
        ...init.headers,
        ...(cookie && { cookie }),
      },
    });
    for (const line of response.headers.getSetCookie()) jar = remember(jar, url, line);
    const location = response.headers.get('location');
    return {
      url: url.href,
      status: response.status,
      headers: response.headers,
      text: await response.text(),
      location: location === null ? undefined : new URL(location, url).href,
    };
  }

  const browser: HttpBrowser = {
    get: (url, headers = {}) => request(url, { method: 'GET', headers }),
    post: (url, fields, headers = {}) =>
      request(url, {
        method: 'POST',
        body: new URLSearchParams(fields).toString(),
        headers: {
          'content-type': 'application/x-www-form-urlencoded',
          origin: new URL(url).origin,
          'sec-fetch-site': 'same-origin',
          ...headers,
        },
      }),
    upload(url, fields, { field, name, content }, headers = {}) {
      const body = new FormData();
      for (const [key, value] of Object.entries(fields)) body.append(key, value);
      body.append(field, typeof content === 'string' ? new Blob([content]) : content, name);
      const own = { origin: new URL(url).origin, 'sec-fetch-site': 'same-origin' };
      return request(url, { method: 'POST', body, headers: { ...own, ...headers } });
    },
    async follow(page, until) {
      let current = page;
      for (let hops = 0; current.location !== undefined && hops < MAX_REDIRECTS; hops += 1) {
        if (until !== undefined && isReached(current.location, until)) return current;
        current = await browser.get(current.location);
      }
      return current;
    },
    submit(page, fields) {
      const form = /<form[^>]*action="([^"]*)"[^>]*>([\s\S]*?)<\/form>/.exec(page.text);
      if (!form) throw new Error(`no form on ${page.url} (${page.status})`);
      const hidden = [...(form[2] ?? '').matchAll(/<input[^>]*type="hidden"[^>]*>/g)].map(([tag]) => [
        /name="([^"]*)"/.exec(tag)?.[1] ?? '',
        decodeEntities(/value="([^"]*)"/.exec(tag)?.[1] ?? ''),
      ]);
      const action = new URL(decodeEntities(form[1] ?? ''), page.url).href;
      return browser.post(action, { ...Object.fromEntries(hidden), ...fields });
    },
    cookies: (url) => new Map(matching(new URL(url)).map(({ name, value }) => [name, value])),
    setCookie: (url, name, value) => {
      jar = remember(jar, new URL(url), `${name}=${value}; Path=/`);
    },
  };
  return browser;
}

function isReached(location: string, until: string | ((location: URL) => boolean)): boolean {
  return typeof until === 'string' ? location.startsWith(until) : until(new URL(location));
}

function remember(jar: readonly Cookie[], url: URL, line: string): Cookie[] {
  const [pair = '', ...attributes] = line.split(';').map((part) => part.trim());
  const name = pair.slice(0, pair.indexOf('='));
  const value = pair.slice(pair.indexOf('=') + 1);
  const attribute = (wanted: string) =>
    attributes.find((each) => each.toLowerCase().startsWith(`${wanted}=`))?.slice(wanted.length + 1);
  const path = attribute('path') ?? '/';
  const expires = attribute('expires');
  const gone = (expires !== undefined && Date.parse(expires) <= Date.now()) || attribute('max-age') === '0';
  const rest = jar.filter(
    (each) => !(each.name === name && each.host === url.hostname && each.path === path),
  );
  return gone ? rest : [...rest, { name, value, host: url.hostname, path }];
}

function pathMatches(cookiePath: string, path: string): boolean {
  return cookiePath === '/' || path === cookiePath || path.startsWith(`${cookiePath}/`);
}

function decodeEntities(text: string): string {
  return text
    .replace(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)))
    .replace(/&quot;/g, '"')
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&amp;/g, '&');
}
