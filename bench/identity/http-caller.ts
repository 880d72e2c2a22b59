import http from 'node:http';

/** What a service answered. */
export interface Answer {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly text: string;
}

/** Calls over kept connections, each as if it came through a proxy from its own address. */
export interface HttpCaller {
  get(path: string, headers?: Record<string, string>): Promise<Answer>;
  post(path: string, fields: Record<string, string>, headers?: Record<string, string>): Promise<Answer>;
  close(): void;
}

/** Opens a caller of one origin; cheap, since it shares the machine with what it measures. */
export function openCaller(origin: string): HttpCaller {
  const { port } = new URL(origin);
  const agent = new http.Agent({ keepAlive: true, maxSockets: 512 });
  let count = 0;

  function send(
    method: string,
    path: string,
    headers: Record<string, string>,
    body?: string,
  ): Promise<Answer> {
    count += 1;
    const from = `10.${(count >> 16) & 255}.${(count >> 8) & 255}.${count & 255}`;
    return new Promise((resolve, reject) => {
      const request = http.request(
        {
          host: '127.0.0.1',
          port,
          agent,
          method,
          path,
          headers: { host: `localhost:${port}`, 'x-forwarded-for': from, ...headers },
        },
        (response) => {
          let text = '';
          response.setEncoding('utf8');
          response.on('data', (chunk: string) => (text += chunk));
          response.on('end', () =>
            resolve({ status: response.statusCode!, headers: response.headers, text }),
          );
          response.on('error', reject);
        },
      );
      request.on('error', reject);
      request.end(body);
    });
  }

  return {
    get: (path, headers = {}) => send('GET', path, headers),
    post(path, fields, headers = {}) {
      const body = new URLSearchParams(fields).toString();
      return send(
        'POST',
        path,
        {
          'content-type': 'application/x-www-form-urlencoded',
          'content-length': String(Buffer.byteLength(body)),
          ...headers,
        },
        body,
      );
    },
    close: () => agent.destroy(),
  };
}
