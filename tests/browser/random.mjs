// SPDX-License-Identifier: MIT
// Cases that nobody thought of, in the format of tests/testing/browser-truth.jsonl, without what
// browsers do with them: record.mjs asks that.
//
//   node random.mjs COUNT SEED >cases.jsonl

const [count, seed] = process.argv.slice(2).map(Number);

// mulberry32: small, and the same everywhere.
let state = seed >>> 0;
function random() {
  state = (state + 0x6d2b79f5) >>> 0;
  let t = Math.imul(state ^ (state >>> 15), 1 | state);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
}
const chance = (p) => random() < p;
const number = (n) => Math.floor(random() * n);
const pick = (list) => list[number(list.length)];
const some = (list, p) => list.filter(() => chance(p));
const shuffled = (list) => list.map((v) => [random(), v]).sort(([a], [b]) => a - b).map(([, v]) => v);

// --- who and where ---------------------------------------------------------------------------------

const pages = ['http://127.0.0.1:9101', 'http://127.0.0.1:9101', 'http://127.0.0.1:9101',
  'http://127.0.0.1:9102', 'http://localhost:9101', 'http://page.test:9101', 'http://www.page.test:9101',
  'http://a_b.test:9101', 'http://page.test.:9101', 'http://xn--bcher-kva.test:9101',
  'https://page.test:9105', 'https://localhost:9105'];
const plainServers = ['http://127.0.0.1:9103', 'http://127.0.0.1:9103', 'http://127.0.0.1:9104',
  'http://localhost:9103', 'http://api.test:9103', 'http://www.page.test:9103', 'http://page.test:9104'];
const tlsServers = ['https://page.test:9106', 'https://api.test:9106', 'https://www.page.test:9106',
  'https://localhost:9106'];
const contexts = ['page', 'page', 'page', 'page', 'page', 'sandbox', 'data', 'srcdoc', 'blob'];

// A page over TLS asks servers over TLS only: mixed content is blocked before CORS is asked.
const serverFor = (page) => {
  if (chance(0.15)) return page;
  return pick(page.startsWith('https:') || chance(0.1) ? tlsServers : plainServers);
};

// --- what is asked ---------------------------------------------------------------------------------

const methods = ['GET', 'GET', 'GET', 'HEAD', 'POST', 'POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'put',
  'patch', 'eGg', 'QUERY', 'dElEtE', 'post', 'M-SEARCH'];
const impossible = ['', 'TRACE', 'connect', 'g et', 'GÉT'];
const long = (n, c = 'a') => c.repeat(n);
const requestHeaders = [
  ['X-A', '1'], ['X-A', '2'], ['x-a', ''], ['X-B', 'b'], ['Authorization', 'Bearer x'],
  ['Content-Type', 'application/json'], ['Content-Type', 'text/plain'], ['Content-Type', 'text/plain; charset=utf-8'],
  ['content-type', 'Multipart/Form-Data; boundary=a'], ['Content-Type', 'text/plain;x="\xe9"'],
  ['Content-Type', 'text/plain, text/plain'], ['Content-Type', ' text/plain '], ['Content-Type', 'text'],
  ['Content-Type', ''], ['Content-Type', 'text/plain;' + long(120)], ['Content-Type', 'text/plain\xe9'],
  ['Accept', 'text/html'], ['Accept', 'a"b'], ['Accept', '\xe9'], ['Accept', long(128)], ['Accept', long(129)],
  ['Accept', 'a{b}'], ['Accept-Language', 'de, en;q=0.5'], ['Accept-Language', 'de_DE'],
  ['Content-Language', 'de'], ['Content-Language', long(200)], ['Range', 'bytes=0-'], ['Range', 'bytes=0-99'],
  ['Range', 'bytes=9-1'], ['Range', 'bytes=-5'], ['Range', 'bytes= 0-'], ['Range', 'bytes=0-1,5-6'],
  ['Cookie', 'a=b'], ['Origin', 'https://evil.test'], ['Sec-X', '1'], ['Proxy-X', '1'], ['DNT', '1'],
  ['X-HTTP-Method-Override', 'TRACE'], ['X-HTTP-Method-Override', 'PUT'], ['X-Method-Override', 'get, track'],
  ['User-Agent', 'x'], ['DPR', '2'], ['Save-Data', 'on'], ['Width', '1x'], ['ECT', '4g'], ['RTT', '1.5'],
  ['Device-Memory', '0.5'], ['Downlink', '.5'], ['Intervention', 'x'], ['If-None-Match', '"a"'],
  ['Cache-Control', 'no-cache'], ['Pragma', 'no-cache'], ['Upgrade-Insecure-Requests', '1'], ['Last-Event-ID', '1'],
  ['X-Requested-With', 'XMLHttpRequest'], ['Access-Control-Request-Method', 'PUT'], ['*', '1'], ['Date', 'x'],
  ['Referer', 'x'], ['Via', 'x'], ['Purpose', 'prefetch'], ['Priority', 'u=1'],
];
const impossibleHeaders = [['X A', '1'], ['', '1'], ['X-A', 'a\nb'], ['X-A', 'a\0b'], ['X:A', '1']];
const bodies = [
  { type: 'string', value: 'x' }, { type: 'string', value: '' }, { type: 'urlsearchparams', value: 'a=b' },
  { type: 'formdata', value: 'x' }, { type: 'blob', value: 'x' }, { type: 'blob', value: 'x', mime: 'text/plain' },
  { type: 'blob', value: '{}', mime: 'application/json' }, { type: 'arraybuffer', value: 'ab\xff' },
];
const referrerPolicies = ['no-referrer', 'no-referrer-when-downgrade', 'same-origin', 'origin', 'strict-origin',
  'origin-when-cross-origin', 'strict-origin-when-cross-origin', 'unsafe-url'];

function request(url, { plain = false } = {}) {
  const out = {
    url,
    method: chance(0.02) ? pick(impossible) : pick(methods),
    headers: [],
    credentials: pick(['same-origin', 'same-origin', 'omit', 'include', 'include']),
    mode: chance(0.8) ? 'cors' : pick(['no-cors', 'no-cors', 'same-origin']),
  };
  if (out.mode === 'no-cors' && chance(0.8)) out.method = pick(['GET', 'GET', 'HEAD', 'POST']);
  if (chance(0.5)) out.headers = Array.from({ length: 1 + number(chance(0.1) ? 12 : 3) }, () => pick(requestHeaders));
  if (chance(0.01)) out.headers.push(pick(impossibleHeaders));
  if (!plain && chance(0.1)) out.redirect = pick(['error', 'manual']);
  if (chance(0.15)) out.referrerPolicy = pick(referrerPolicies);
  const bodiless = ['GET', 'HEAD'].includes(out.method.toUpperCase());
  if (bodiless ? chance(0.01) : chance(0.5)) out.body = pick(bodies);
  if (!plain && chance(0.12)) {
    out.via = 'xhr';
    for (const key of ['mode', 'redirect', 'referrerPolicy']) delete out[key];
    if (out.credentials === 'omit') out.credentials = 'same-origin';
    if (chance(0.4)) out.uploadListener = true;
  }
  return out;
}

// Ways other than fetch() and XMLHttpRequest, with an answer that the element can use.
const svg = '<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>';
const wave = 'RIFF\x26\0\0\0WAVEfmt \x10\0\0\0\x01\0\x01\0\x40\x1f\0\0\x40\x1f\0\0\x01\0\x08\0data\x02\0\0\0\x80\x80';
const elements = {
  img: ['image/svg+xml', svg], script: ['text/javascript', '1'], module: ['text/javascript', '1'],
  css: ['text/css', ''], audio: ['audio/wav', wave], video: ['audio/wav', wave],
  eventsource: ['text/event-stream', ':x\n\n'],
};
function otherWay(url) {
  const via = pick([...Object.keys(elements), 'beacon', 'beacon', 'form', 'form', 'websocket']);
  const out = { url, via };
  if (via === 'beacon') return { ...out, method: 'POST', body: pick(bodies.slice(0, -1)) };
  if (via === 'form') {
    const method = pick(['GET', 'POST']);
    return { ...out, method, enctype: pick([undefined, 'multipart/form-data', 'text/plain']) };
  }
  if (via === 'websocket') return { ...out, url: url.replace(/^http/, 'ws') };
  if (via === 'eventsource') return { ...out, withCredentials: chance(0.5) };
  return { ...out, crossorigin: pick([undefined, 'anonymous', 'use-credentials']) };
}

// --- what is answered ------------------------------------------------------------------------------

// `wanted` is what the request needs; most answers are right, so that the later steps are reached.
function allowOrigin(page) {
  if (chance(0.72)) return [['Access-Control-Allow-Origin', '{ORIGIN}']];
  const upper = page.toUpperCase();
  const values = ['*', '*', page, 'null', '', page + '/', `${page}, https://b.test`, `${page} https://b.test`,
    'https://b.test', upper, 'NULL', '"' + page + '"', page.replace(/:\d+$/, ''), page.replace(/:\d+$/, ':*'),
    'http://b\xfccher.test', 'http://b\xc3\xbccher.test', '\xe2\x82', 'http://a\xe2\x82\xac', 'http://x/\xff', '*.test',
    ' *\t', ',*', 'a b', page.replace('//', '//u@'), 'http://[::1', 'http://x:99999', 'x://y', '\xf0\x9f\x98', 'http://%zz'];
  const value = pick(values);
  const line = [pick(['Access-Control-Allow-Origin', 'access-control-allow-origin']), value];
  if (chance(0.1)) return [];
  return chance(0.08) ? [line, ['Access-Control-Allow-Origin', pick(values)]] : [line];
}

function allowCredentials(include) {
  if (chance(include ? 0.8 : 0.2)) return [['Access-Control-Allow-Credentials', 'true']];
  if (chance(0.5)) return [];
  const lines = [['Access-Control-Allow-Credentials', pick(['True', 'TRUE', '1', '', 'true, true', ' true ', '"true"',
    'true;', '\xe9'])]];
  return chance(0.1) ? [...lines, ...lines] : lines;
}

const spaced = (list) => list.join(pick([', ', ', ', ',', ' ,\t', ',,', ' , , ']));
const bad = ['G@T', 'b d', '\xe9', '"x"', 'x:y', '\xe2\x82', 'a;b', 'x/y', '\xff\xfe'];

function listLine(name, wanted, extra) {
  if (chance(0.08)) return [];
  let list = [...wanted, ...some(extra, 0.3)];
  if (chance(0.12)) list = list.slice(1);
  if (chance(0.12)) list.push('*');
  if (chance(0.05)) list.splice(number(list.length + 1), 0, pick(bad));
  if (chance(0.08)) list = list.map((v) => (chance(0.5) ? v.toLowerCase() : v.toUpperCase()));
  if (chance(0.05)) list = ['*'];
  list = shuffled(list);
  if (list.length > 1 && chance(0.15)) return [[name, list[0]], [name, spaced(list.slice(1))]];
  return [[name, spaced(list)]];
}

const preflightStatus = () => (chance(0.88) ? pick([200, 204, 204])
  : pick([201, 202, 206, 226, 299, 300, 301, 302, 304, 307, 308, 400, 401, 403, 404, 405, 500, 501, 503]));

const normalised = (method = 'GET') =>
  (/^(delete|get|head|options|post|put)$/i.test(method) ? method.toUpperCase() : method);

function preflight(page, asked, maxAge) {
  const include = asked.credentials === 'include';
  const names = [...new Set((asked.headers ?? []).map(([n]) => n.toLowerCase()))].filter((n) => /^[!-~]+$/.test(n) && !n.includes(':'));
  if (asked.body) names.push('content-type');
  const status = preflightStatus();
  const headers = [
    ...allowOrigin(page), ...allowCredentials(include),
    ...listLine('Access-Control-Allow-Methods', [normalised(asked.method)], ['PUT', 'DELETE', 'PATCH', 'GET', 'patch']),
    ...listLine('Access-Control-Allow-Headers', names, ['X-A', 'x-b', 'Authorization', 'Content-Type', 'X-C']),
  ];
  if (maxAge !== undefined) headers.push(['Access-Control-Max-Age', maxAge]);
  if (status > 299 && status < 400 && chance(0.5)) headers.push(['Location', '/c/elsewhere']);
  return { status, headers: shuffled(headers) };
}

const extras = [['X-One', '1'], ['ETag', '"1"'], ['X-\x54wo', '2'], ['Set-Cookie', 'b=c'], ['Content-Language', 'de'],
  ['Expires', '0'], ['Pragma', 'x'], ['Last-Modified', 'x'], ['Content-Type', 'text/plain'], ['X-One', 'again']];

function expose() {
  if (chance(0.5)) return [];
  return listLine('Access-Control-Expose-Headers', some(['X-One', 'ETag', 'x-two', 'Set-Cookie'], 0.5), ['X-None', 'Date']);
}

function actual(page, asked) {
  const status = chance(0.75) ? 200 : pick([201, 204, 206, 226, 300, 304, 305, 400, 401, 403, 404, 405, 409, 418, 429, 500, 503]);
  const headers = [...allowOrigin(page), ...allowCredentials(asked.credentials === 'include'), ...expose(), ...some(extras, 0.3)];
  if (chance(0.15)) {
    headers.push(['Cross-Origin-Resource-Policy', pick(['same-origin', 'same-site', 'cross-origin', 'Same-Origin', 'x'])]);
  }
  return { status, headers: shuffled(headers) };
}

// What a redirect leads to; the third element is the hop that answers there.
function target(page, id, n) {
  const path = `/c/${id}/${n}`;
  const server = serverFor(page);
  const { protocol, host } = new URL(server);
  const where = pick(['url', 'url', 'url', 'url', 'url', 'url', 'url', 'userinfo', 'scheme', 'fragment', 'nonsense', 'query']);
  switch (where) {
    case 'userinfo': return { location: `${protocol}//${pick(['u:p', 'u'])}@${host}${path}`, hop: server + path };
    case 'scheme': return { location: pick([`data:text/plain,${path}`, `ftp://127.0.0.1${path}`]) };
    case 'fragment': return { location: `${server}${path}#there`, hop: server + path };
    case 'nonsense': return { location: pick(['https://', 'http://[' + path, 'http://a b' + path]) };
    case 'query': return { location: `${server}${path}?a=b`, hop: server + path };
    default: return { location: server + path, hop: server + path };
  }
}

function redirecting(page, asked, location) {
  const answer = actual(page, asked);
  answer.status = pick([301, 302, 303, 307, 308]);
  answer.headers = answer.headers.filter(([name]) => name !== 'Cross-Origin-Resource-Policy');
  answer.headers.push(['Location', location]);
  return answer;
}

// --- cases -----------------------------------------------------------------------------------------

const noPreflight = () => (chance(0.5) ? null : { status: 204, headers: [] });

function single(id) {
  const page = pick(pages);
  const context = pick(contexts);
  const server = serverFor(page);
  let url = `${server}/c/${id}`;
  const hop = url;
  if (chance(0.08)) url += '?q=1';
  if (chance(0.05)) url += '#fragment';
  const asked = chance(0.02) ? request(url.replace('//', '//u:p@')) : request(url);
  const hops = [{ url: hop, preflight: chance(0.95) ? preflight(page, asked) : noPreflight(), actual: actual(page, asked) }];
  for (let n = 1; chance(0.2) && n < 4; ++n) {
    const { location, hop: next } = target(page, id, n);
    hops.at(-1).actual = redirecting(page, asked, location);
    if (!next) break;
    hops.push({ url: next, preflight: preflight(page, asked), actual: actual(page, asked) });
  }
  return { id, group: 'random', context, page, request: asked, hops };
}

function other(id) {
  const page = pick(pages);
  const context = pick(contexts);
  const server = serverFor(page);
  const url = `${server}/c/${id}`;
  const asked = otherWay(url);
  const answer = actual(page, { credentials: asked.crossorigin === 'use-credentials' || asked.withCredentials ? 'include' : 'omit' });
  answer.headers = answer.headers.filter(([name]) => name !== 'Content-Type');
  answer.status = asked.via === 'websocket' ? pick([101, 101, 200, 403]) : 200;
  if (elements[asked.via]) {
    answer.headers.push(['Content-Type', elements[asked.via][0]]);
    answer.body = elements[asked.via][1];
  }
  if (asked.via === 'form') answer.headers.push(['Content-Type', 'text/html']);
  const hops = [{ url, preflight: preflight(page, { ...asked, credentials: 'include' }), actual: answer }];
  if (asked.via !== 'websocket' && chance(0.15)) {
    const { location, hop } = target(page, id, 1);
    if (hop && !location.includes('@')) {
      hops.unshift({ ...hops[0], actual: redirecting(page, asked, location) });
      hops[1] = { ...hops[1], url: hop };
    }
  }
  return { id, group: 'random', context, page, request: asked, hops };
}

// Several requests to one URL, for the preflight cache. Opaque origins are left out: each frame's is
// its own.
function sequence(id) {
  const page = pick(pages.filter((p) => p.startsWith('http://127') || p.startsWith('http://localhost')));
  const server = pick(['http://127.0.0.1:9103', 'http://127.0.0.1:9104']);
  const url = `${server}/c/${id}`;
  const base = request(url, { plain: true });
  const vary = () => {
    const next = { ...base, headers: [...base.headers] };
    if (chance(0.3)) next.method = pick(['PUT', 'DELETE', 'PATCH', 'GET', 'POST', 'HEAD']);
    if (chance(0.3)) next.headers = some([['X-A', '1'], ['X-B', '1'], ['Authorization', 'x']], 0.4);
    if (chance(0.2)) next.credentials = pick(['omit', 'same-origin', 'include']);
    if (chance(0.1)) next.cache = pick(['no-store', 'reload', 'no-cache', 'force-cache']);
    if (['GET', 'HEAD'].includes(normalised(next.method))) delete next.body;
    if (chance(0.05)) next.url += '?other';
    if (next.mode === 'no-cors') next.mode = 'cors';
    return next;
  };
  const steps = Array.from({ length: 2 + number(3) }, () => ({
    page: chance(0.1) ? 'http://127.0.0.1:9102' : page, wait_ms: 0, request: vary(),
  }));
  const maxAge = pick([undefined, '600', '600', '600', '0', '-1', '+60', 'abc', '60.5', '', '99999999999999999999', '060']);
  const wide = { ...base, headers: [...base.headers, ...some([['X-A', '1'], ['X-B', '1'], ['Authorization', 'x']], 0.6)] };
  const answer = actual(page, { credentials: 'include' });
  if (chance(0.8)) answer.headers = [['Access-Control-Allow-Origin', '{ORIGIN}'], ['Access-Control-Allow-Credentials', 'true']];
  return { id, group: 'random-sequence', context: 'page', steps, hops: [{ url, preflight: preflight(page, wide, maxAge), actual: answer }] };
}

for (let i = 0; i < count; ++i) {
  const id = `random-${seed}-${i}`;
  const kind = random();
  const made = kind < 0.68 ? single(id) : kind < 0.85 ? other(id) : sequence(id);
  process.stdout.write(JSON.stringify(made) + '\n');
}
