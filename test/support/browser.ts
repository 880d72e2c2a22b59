/** An answer as a browser sees it, with its body read. */
export interface BrowserAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly url: URL;
  /** Where a redirect leads, resolved. */
  readonly location?: URL;
}

/** A browser over HTTP, without scripts: keeps cookies by host and port, and says where it comes from. */
export interface Browser {
  /** One request; redirects are given back, not followed. */
  get(url: string | URL, headers?: Record<string, string>): Promise<BrowserAnswer>;
  /** Sends a form as a page of `from` (default: the same origin) would. */
  post(
    url: string | URL,
    form: Readonly<Record<string, string>>,
    headers?: Record<string, string>,
  ): Promise<BrowserAnswer>;
  /** Follows redirects by GET, at most 12, until something else is answered or `stop` says so. */
  follow(answer: BrowserAnswer, stop?: (location: URL) => boolean): Promise<BrowserAnswer>;
  /** Cookies of one origin, to look at and to tamper with. */
  cookies(origin: string): Map<string, string>;
}

/** Opens a browser with an empty jar. */
export function openBrowser(): Browser {
  const jars = new Map<string, Map<string, string>>();
  const jar = (origin: string) => {
    let found = jars.get(origin);
    if (!found) jars.set(origin, (found = new Map()));
    return found;
  };

  async function send(target: string | URL, init: RequestInit): Promise<BrowserAnswer> {
    const url = new URL(target);
    const held = jar(url.origin);
    const headers = new Headers(init.headers);
    if (held.size > 0) headers.set('cookie', [...held].map(([name, value]) => `${name}=${value}`).join('; '));
    if (!headers.has('accept')) headers.set('accept', 'text/html,application/xhtml+xml');
    const response = await fetch(url, { ...init, headers, redirect: 'manual' });
    for (const line of response.headers.getSetCookie()) keep(held, line);
    const location = response.headers.get('location');
    return {
      status: response.status,
      headers: response.headers,
      text: await response.text(),
      url,
      ...(location === null ? {} : { location: new URL(location, url) }),
    };
  }

  return {
    get: (url, headers = {}) => send(url, { method: 'GET', headers }),
    post: (url, form, headers = {}) =>
      send(url, {
        method: 'POST',
        body: new URLSearchParams(form),
        headers: { origin: new URL(url).origin, 'sec-fetch-site': 'same-origin', ...headers },
      }),
    async follow(answer, stop = () => false) {
      let current = answer;
      for (let hops = 0; current.location && !stop(current.location); hops += 1) {
        if (hops >= 12) throw new Error('too many redirects');
        current = await send(current.location, { method: 'GET' });
      }
      return current;
    },
    cookies: jar,
  };
}

function keep(held: Map<string, string>, line: string): void {
  const [pair = '', ...attributes] = line.split(';');
  const name = pair.slice(0, pair.indexOf('=')).trim();
  const value = pair.slice(pair.indexOf('=') + 1).trim();
  const isOver = attributes.some((attribute) => {
    const [key = '', text = ''] = attribute.trim().split('=');
    if (/^max-age$/i.test(key)) return Number(text) <= 0;
    return /^expires$/i.test(key) && new Date(text).getTime() <= Date.now();
  });
  if (isOver || value === '') held.delete(name);
  else held.set(name, value);
}
