import * as fc from 'fast-check';
import { BAD_ESCAPES, HOSTILE, NAMES, PATHS } from './fuzz-banks.ts';

const text = fc.oneof(
  { arbitrary: fc.constantFrom(...HOSTILE), weight: 4 },
  { arbitrary: fc.string({ unit: 'binary', maxLength: 30 }), weight: 1 },
  {
    arbitrary: fc.constantFrom('delta', '5', '45.4', 'cache', 'mysql', 'words', 'nearby', 'journals', ''),
    weight: 3,
  },
);

/** `encodeURIComponent` throws for half a character. */
const wellFormed = (value: string) => value.replace(/\p{Cs}/gu, '\uFFFD');

/** As it stands in an address: escaped as it should be, or not. */
const inAddress = fc.oneof(
  { arbitrary: text.map((value) => encodeURIComponent(wellFormed(value))), weight: 5 },
  { arbitrary: fc.constantFrom(...BAD_ESCAPES), weight: 2 },
  { arbitrary: text.map((value) => value.replace(/[\r\n ]/g, '+')), weight: 1 },
  { arbitrary: text, weight: 1 },
);

const path = fc.oneof(
  { arbitrary: fc.constantFrom(...PATHS), weight: 20 },
  {
    arbitrary: fc.tuple(fc.constantFrom(...PATHS), inAddress).map(([base, more]) => `${base}/${more}`),
    weight: 4,
  },
  { arbitrary: inAddress.map((value) => `/${value}`), weight: 2 },
  {
    arbitrary: fc.constantFrom(
      '*',
      '',
      'http://example.com/',
      'example.com:80',
      '/api/../api/articles',
      '//api',
    ),
    weight: 1,
  },
);

const query = fc
  .array(fc.tuple(fc.oneof(fc.constantFrom(...NAMES), inAddress), inAddress), { maxLength: 4 })
  .map((pairs) => (pairs.length === 0 ? '' : `?${pairs.map((pair) => pair.join('=')).join('&')}`));

const HEADERS = [
  'Accept',
  'Accept-Encoding',
  'If-None-Match',
  'If-Match',
  'Range',
  'Origin',
  'Sec-Fetch-Site',
  'X-Request-Id',
  'X-Forwarded-For',
  'X-HTTP-Method-Override',
  'Content-Type',
  'Content-Encoding',
  'Cookie',
  'traceparent',
  'Last-Event-ID',
  'Expect',
  'Upgrade',
  '__proto__',
] as const;

const header = fc.tuple(
  fc.constantFrom(...HEADERS),
  fc.oneof(
    { arbitrary: text, weight: 2 },
    {
      arbitrary: fc.constantFrom(
        '*',
        '"x", W/"y"',
        'gzip;q=9, br;q=-1',
        'bytes=0-1,5-',
        '100-continue',
        'h2c',
        'null',
      ),
      weight: 2,
    },
    {
      arbitrary: fc.constantFrom(
        'application/json',
        'application/merge-patch+json',
        'application/x-www-form-urlencoded',
      ),
      weight: 2,
    },
  ),
);

const body = fc.oneof(
  { arbitrary: fc.constant(''), weight: 5 },
  { arbitrary: text.map((Title) => JSON.stringify({ Title })), weight: 2 },
  {
    arbitrary: fc.constantFrom(
      '{"__proto__":{"polluted":1},"Title":"x"}',
      '{"constructor":{"prototype":{"polluted":1}}}',
      '[[[[[[[[[[{"Title":1}]]]]]]]]]]',
      '{"Title":"\\ud800"}',
      '{',
      'null',
      'a=1&__proto__[polluted]=1&seconds=5',
      'x'.repeat(20_000),
    ),
    weight: 2,
  },
  { arbitrary: fc.json(), weight: 1 },
  { arbitrary: text, weight: 1 },
);

const METHODS = [
  'POST',
  'PUT',
  'PATCH',
  'DELETE',
  'HEAD',
  'OPTIONS',
  'PROPFIND',
  'TRACE',
  'CONNECT',
  'get',
  'XYZZY',
  '',
];
const method = fc.oneof(
  { arbitrary: fc.constant('GET'), weight: 6 },
  { arbitrary: fc.constantFrom(...METHODS), weight: 4 },
);

/** How the body is announced: truly, or by a lie that parsers have disagreed about. */
const framing = fc.oneof(
  { arbitrary: fc.constant('true'), weight: 12 },
  {
    arbitrary: fc.constantFrom('short', 'long', 'negative', 'chunked', 'bad chunks', 'both', 'twice'),
    weight: 1,
  },
);

const version = fc.oneof(
  { arbitrary: fc.constant('HTTP/1.1'), weight: 20 },
  { arbitrary: fc.constantFrom('HTTP/1.0', 'HTTP/2.0', 'HTTP/9', 'HTP/1.1', ''), weight: 1 },
);

/** Wrong in any number of places. */
const wild = fc.record({
  method,
  path,
  query,
  version,
  headers: fc.array(header, { maxLength: 4 }),
  body,
  framing,
});

/** Right in all but the one text that a visitor may choose: these get the furthest. */
const nearlyRight = fc.record({
  method: fc.constantFrom('GET', 'GET', 'GET', 'HEAD', 'PATCH'),
  path: fc.constantFrom('/', '/query_mysql', '/query_cache', '/api/articles', '/api/articles/7', '/break'),
  query: fc
    .tuple(fc.constantFrom('scan', 'words'), text)
    .map(([kind, term]) => `?query=${kind}&term=${encodeURIComponent(wellFormed(term))}`),
  version: fc.constant('HTTP/1.1'),
  headers: fc.constant([['Content-Type', 'application/json'] as const]),
  body: fc.oneof(
    fc.constant(''),
    text.map((Title) => JSON.stringify({ Title })),
  ),
  framing: fc.constant('true'),
});

export interface FuzzedRequest {
  /** One character a byte: whatever a client can send. */
  readonly bytes: string;
  /** Otherwise a server waits for the rest, which never comes. */
  readonly isWhole: boolean;
}

export const fuzzedRequest: fc.Arbitrary<FuzzedRequest> = fc
  .oneof({ arbitrary: wild, weight: 2 }, { arbitrary: nearlyRight, weight: 1 })
  .map((parts) => {
    const payload = Buffer.from(parts.body).toString('latin1');
    const head = [
      `${parts.method} ${latin1(parts.path + parts.query)} ${parts.version}`,
      'Host: fuzz.example',
      'Connection: close',
      ...parts.headers.map(([name, value]) => `${name}: ${latin1(value)}`),
      ...framed(parts.framing, payload.length),
    ];
    const sent = isChunked(parts.framing) ? chunked(parts.framing, payload) : payload;
    return { bytes: `${head.join('\r\n')}\r\n\r\n${sent}`, isWhole: parts.framing !== 'long' };
  });

const latin1 = (value: string) => Buffer.from(value).toString('latin1');
const isChunked = (how: string) => ['chunked', 'bad chunks', 'both'].includes(how);
const chunked = (how: string, payload: string) =>
  how === 'bad chunks' ? `zz\r\n${payload}` : `${payload.length.toString(16)}\r\n${payload}\r\n0\r\n\r\n`;

function framed(how: string, length: number): string[] {
  switch (how) {
    case 'short':
      return [`Content-Length: ${Math.max(0, length - 1)}`];
    case 'long':
      return [`Content-Length: ${length + 10}`];
    case 'negative':
      return ['Content-Length: -1'];
    case 'chunked':
    case 'bad chunks':
      return ['Transfer-Encoding: chunked'];
    case 'both':
      return ['Transfer-Encoding: chunked', `Content-Length: ${length}`];
    case 'twice':
      return [`Content-Length: ${length}`, 'Content-Length: 0'];
    default:
      return length === 0 ? [] : [`Content-Length: ${length}`];
  }
}
