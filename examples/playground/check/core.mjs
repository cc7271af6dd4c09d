// SPDX-License-Identifier: MIT
// Checks what is behind the page, without a browser: advice that is taken, texts that are pasted, and
// texts that are copied.
//
//   node core.mjs DIR COMPILER INCLUDE
//
// DIR is where the page was built: its scripts, their packages, and the compiled core. The compiler is
// one of C++, and INCLUDE has the library's headers.

import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const [dir, compiler, include] = process.argv.slice(2);
const load = (name) => import(pathToFileURL(join(dir, 'src', name)));
const [{ loadCore }, { readPaste }, { fixOfProblem }, { describeFields, takeOutBadNumbers }, { asCpp, asCurl, asFetch },
  { readState, writeState, usualRequest }] = await Promise.all(
  ['core.js', 'paste.js', 'fixes.js', 'policy_form.js', 'copies.js', 'state.js'].map(load));

const core = await loadCore(readFileSync(join(dir, 'core.wasm.gz')));
const fields = describeFields(core.fields());
const total = { passed: 0, failed: 0 };

function check(what, good, detail) {
  total[good ? 'passed' : 'failed']++;
  if (!good) console.log(`WRONG: ${what}: ${JSON.stringify(detail)?.slice(0, 1000)}`);
}

const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);

const question = {
  page: 'https://app.example', kind: 'plain', location: '', again: null,
  request: { url: 'https://api.example/x', method: 'PUT', credentials: 'same-origin', mode: 'cors',
    redirect: 'follow', headers: [], body: null },
};

// --- advice ---

// Takes the advice of the first message until there is none.
function followed(policy) {
  const taken = [];
  for (let turn = 0; turn < 30; ++turn) {
    const { errors, sound } = takeOutBadNumbers(policy, fields);
    const judged = core.judge({ ...question, policy: sound });
    const [problem] = [...errors, ...judged.errors, ...judged.warnings];
    if (!problem) return { policy, taken };
    const fix = fixOfProblem(problem, policy, question.page);
    taken.push(`${problem.code}: ${fix?.label}`);
    if (!fix) return { policy: null, taken };
    policy = fix.policy;
  }
  return { policy: null, taken };
}

const app = ['https://app.example'];
const ours = (more) => ({ allow_origins: app, ...more });
const long = `https://${'x.'.repeat(2500)}example`;

for (const [about, broken, sound] of [
  ['nothing is allowed', {}, { allow_origins: app }],
  ['a path', { allow_origins: ['https://app.example/'] }, { allow_origins: app }],
  ['no scheme', { allow_origins: ['app.example'] }, { allow_origins: app }],
  ['a default port and a path', { allow_origins: ['https://APP.example:443/x?y'] }, { allow_origins: app }],
  ['two in one', { allow_origins: ['https://app.example, https://b.example'] },
    { allow_origins: ['https://app.example', 'https://b.example'] }],
  ['umlauts', { allow_origins: ['https://bücher.example'] }, { allow_origins: ['https://xn--bcher-kva.example'] }],
  ['subdomains with umlauts', { allow_origins: ['https://*.bücher.example:8443'] },
    { allow_origins: ['https://*.xn--bcher-kva.example:8443'] }],
  ['NULL', { allow_origins: ['NULL'] }, { allow_origins: app }],
  ['pages of files', { allow_origins: ['file://', ...app] }, { allow_origins: app }],
  ['5,000 characters', { allow_origins: [long, ...app] }, { allow_origins: app }],
  ['everybody and others', { allow_origins: ['*', ...app] }, { allow_origins: ['*'] }],
  ['everybody with credentials', { allow_origins: ['*'], allow_credentials: true },
    { allow_origins: ['*'], allow_credentials: false }],
  ['a public suffix', { allow_origins: ['https://*.github.io', ...app], allow_credentials: true },
    ours({ allow_credentials: true })],
  ['plain http with credentials', { allow_origins: ['http://app.example'], allow_credentials: true },
    ours({ allow_credentials: true })],
  ['twice', { allow_origins: ['https://app.example', 'https://APP.example'] }, { allow_origins: app }],
  ['letter case of methods', ours({ allow_methods: ['put', 'TRACE'], allow_headers: ['Content-Type'] }),
    ours({ allow_methods: ['PUT'], allow_headers: ['Content-Type'] })],
  ['JSON without Content-Type', ours({ allow_methods: ['PUT'] }),
    ours({ allow_methods: ['PUT'], allow_headers: ['Content-Type'] })],
  ['any header, Authorization and others', ours({ allow_headers: ['*', 'authorization', 'X-A'] }),
    ours({ allow_headers: ['*', 'authorization'] })],
  ['headers that no script sets', ours({ allow_headers: ['Cookie', 'X Y'] }), ours({ allow_headers: ['X', 'Y'] })],
  ['headers that no script reads', ours({ expose_headers: ['Set-Cookie', 'ETag'] }), ours({ expose_headers: ['ETag'] })],
  ['any exposed header with credentials', ours({ expose_headers: ['*', 'ETag'], allow_credentials: true }),
    ours({ expose_headers: ['ETag'], allow_credentials: true })],
  ['both yes and no to credentials', ours({ refuse_credentials: true, allow_credentials: true }),
    ours({ refuse_credentials: false, allow_credentials: true })],
  ['beyond 2⁵³', ours({ max_age: '9007199254740993' }), ours({ max_age: '86400' })],
  ['beyond 2⁶⁴', ours({ max_age: '99999999999999999999' }), ours({ max_age: '86400' })],
  ['beyond 2⁵³, with a fraction', ours({ max_age: '9007199254740993.5' }), ours({ max_age: '86400' })],
  ['a fraction', ours({ max_age: '600.5' }), ours({ max_age: '600' })],
  ['a negative fraction', ours({ max_age: '-5.5' }), ours({ max_age: '0' })],
  ['negative', ours({ max_age: '-1' }), ours({ max_age: '0' })],
  ['an exponent', ours({ max_age: '1e3' }), ours({ max_age: '1000' })],
  ['no number', ours({ max_age: 'a day' }), ours({ max_age: '600' })],
  ['endless', ours({ max_age: 'Infinity' }), ours({ max_age: '86400' })],
  ['a status that is none', ours({ preflight_status: '99999999999' }), ours({ preflight_status: '204' })],
  ['a status that refuses', ours({ preflight_status: '404' }), ours({ preflight_status: '204' })],
  ['a status of refusals', ours({ denied_preflight_status: '404' }), ours({ denied_preflight_status: '403' })],
]) {
  const { policy, taken } = followed(broken);
  check(`advice that is taken mends ${about}`, same(policy, sound), { policy, taken });
  check(`${about}: there was something to mend`, taken.length > 0);
  check(`no advice for ${about} is dangerous`, !taken.some((one) => one.includes('dangerously')), taken);
}

// --- texts that are pasted ---

function judged(text, more = {}) {
  const { pasted, problem } = readPaste(text);
  if (problem) return { problem };
  const out = core.judge({ ...question, ...more, pasted, pick: more.pick ?? 0 });
  return { ...out, verdict: out.standard?.verdict, step: out.standard?.step };
}

const route = (cors) => JSON.stringify({
  apiVersion: 'gateway.networking.k8s.io/v1', kind: 'HTTPRoute', metadata: { name: 'api' },
  spec: { parentRefs: [{ name: 'gateway' }], rules: [{ filters: [{ type: 'CORS', cors }] }] },
});
const errors = (r) => (r.problems ?? []).filter(({ error }) => error);

for (const [about, text, good, more] of [
  ['an HTTPRoute', route({ allowOrigins: app, allowMethods: ['PUT'] }), (r) => r.verdict === 'allowed'],
  ['an HTTPRoute that another origin asks', route({ allowOrigins: ['https://b.example'], allowMethods: ['PUT'] }),
    (r) => r.step === 'preflight:origin-missing'],
  ['an HTTPRoute with a mistake', route({ allowOrigins: ['https://app.example/'] }),
    (r) => errors(r)[0].path.endsWith('allowOrigins[0]') && !r.verdict],
  ['a filter alone', 'type: CORS\ncors:\n  allowOrigins: ["https://app.example"]\n  allowMethods: ["PUT"]\n',
    (r) => r.verdict === 'allowed'],
  ['a TrafficPolicy', `apiVersion: gateway.kgateway.dev/v1alpha1
kind: TrafficPolicy
metadata: {name: p}
spec:
  targetRefs: [{group: gateway.networking.k8s.io, kind: HTTPRoute, name: api}]
  cors: {allowOrigins: ["https://app.example"], allowMethods: [PUT]}
`, (r) => r.verdict === 'allowed' && r.policies[0].name === 'TrafficPolicy default/p'],
  ['Envoy’s CorsPolicy', `typed_per_filter_config:
  envoy.filters.http.cors:
    "@type": type.googleapis.com/envoy.extensions.filters.http.cors.v3.CorsPolicy
    allow_origin_string_match:
    - safe_regex: {regex: 'https://a[p]+\\.example'}
    allow_methods: GET, PUT
`, (r) => r.verdict === 'allowed' && r.policies[0].options === null],
  ['an expression that does not match all', 'allow_origin_string_match: [{safe_regex: {regex: "https://[ap]+"}}]\nallow_methods: PUT\n',
    (r) => r.verdict === 'blocked'],
  ['an expression that is none', 'allow_origin_string_match: [{safe_regex: {regex: "(a"}}]\n',
    (r) => errors(r)[0].message.includes('missing closing )')],
  ['Istio’s corsPolicy', `kind: VirtualService
spec:
  http:
  - corsPolicy: {allowOrigins: [{exact: "https://app.example"}], allowMethods: [PUT], maxAge: 24h}
`, (r) => r.verdict === 'allowed' && r.policies[0].options.max_age === '86400'],
  ['Gloo’s cors', 'cors:\n  allowOrigin: ["https://app.example"]\n  allowOriginRegex: ["https://x"]\n  allowMethods: [PUT]\n',
    (r) => r.verdict === 'allowed'],
  ['rules of S3', '{"CORSRules": [{"AllowedOrigins": ["*"], "AllowedMethods": ["GET"]}, {"AllowedOrigins": ["https://app.example"], "AllowedMethods": ["PUT"]}]}',
    (r) => r.policies.length === 2 && r.verdict === 'blocked'],
  ['the second rule of S3', '[{"AllowedOrigins": ["*"], "AllowedMethods": ["GET"]}, {"AllowedOrigins": ["https://app.example"], "AllowedMethods": ["PUT"]}]',
    (r) => r.verdict === 'allowed', { pick: 1 }],
  ['annotations of ingress-nginx', 'metadata:\n  annotations:\n    nginx.ingress.kubernetes.io/enable-cors: "true"\n    nginx.ingress.kubernetes.io/cors-allow-origin: https://app.example\n',
    (r) => r.verdict === 'allowed'],
  ['two responses', 'HTTP/1.1 204 No Content\nAccess-Control-Allow-Origin: *\nAccess-Control-Allow-Methods: PUT\n\nHTTP/1.1 200 OK\nAccess-Control-Allow-Origin: *\n',
    (r) => r.verdict === 'allowed' && r.standard.exchanges.length === 2],
  ['what curl -v shows', '* Connected\n> PUT /x HTTP/1.1\n> Origin: https://app.example\n>\n< HTTP/2 200 \n< access-control-allow-origin: *\n<\n{}\n',
    (r) => r.step === 'preflight:method'],
  ['headers alone', 'Access-Control-Allow-Origin: https://app.example/', (r) => r.step === 'preflight:origin-mismatch'],
  ['a filter with no origins', 'cors: {allowOrigins: []}', (r) => r.errors[0].code === 'origins_empty'],
  ['a text', 'hello', (r) => r.problem?.startsWith('No CORS settings')],
  ['nothing', ' \n', (r) => r.problem === 'Paste something first.'],
  ['a template', '{{ .Values.x }}\nkind: HTTPRoute', (r) => r.problem?.includes('neither YAML nor JSON in line 2')],
  ['an endless nest', '['.repeat(5000), (r) => r.problem?.includes('neither YAML nor JSON')],
  ['aliases of aliases', 'abcdefgh'.split('').map((name, i, all) =>
    `${name}: &${name} [${Array(9).fill(i ? `*${all[i - 1]}` : 'x')}]`).join('\n'), (r) => r.problem?.startsWith('This is too much')],
  ['a lone surrogate', 'cors: {allowOrigins: ["https://\\ud800.example"]}', (r) => errors(r).length > 0],
]) {
  const started = Date.now();
  const got = judged(text, more);
  check(`${about}: pasted`, good(got), got);
  check(`${about}: read at once`, Date.now() - started < 2000, Date.now() - started);
}

// --- texts that are copied ---

const whole = {
  allow_origins: ['https://app.example', 'https://*.example.com', 'http://localhost:3000'],
  allow_methods: ['PUT', 'PATCH'], allow_headers: ['Content-Type', 'X-Token'], expose_headers: ['X-Request-Id'],
  allow_credentials: true, max_age: '0600', dangerously_allow_insecure_origins_with_credentials: true,
};
check('a policy as C++', asCpp(whole, fields) === `corsac::make_policy({
    .allow_origins = {"https://app.example", "https://*.example.com", "http://localhost:3000"},
    .allow_methods = {"PUT", "PATCH"},
    .allow_headers = {"Content-Type", "X-Token"},
    .expose_headers = {"X-Request-Id"},
    .allow_credentials = true,
    .max_age = 600,
    .dangerously_allow_insecure_origins_with_credentials = true,
});
`, asCpp(whole, fields));

// Initialisers have to be in the order of the members.
const everything = {
  ...Object.fromEntries(fields.lists.map((name) => [name, ['https://a.example', 'a "quoted" \\ text']])),
  ...Object.fromEntries(fields.switches.map((name) => [name, true])),
  ...Object.fromEntries(fields.numbers.map((name) => [name, '0200'])),
};
try {
  execFileSync(compiler, ['-std=c++20', '-Wall', '-Wextra', '-Werror', '-fsyntax-only', '-I', include, '-x', 'c++', '-'],
    { input: `#include <corsac/corsac.hpp>\nauto built() { return ${asCpp(everything, fields)} }\n`, stdio: ['pipe', 'ignore', 'pipe'] });
  check('a compiler takes every field', true);
} catch (error) {
  check('a compiler takes every field', false, String(error.stderr));
}

// What is written for a gateway is understood as the same policy.
for (const [form, policy] of [
  ['httproute', { ...ours({ allow_methods: ['PUT'], allow_headers: ['Content-Type'], max_age: '600' }) }],
  ['httproute', { allow_origins: ['*'], expose_headers: ['*'], allow_methods: ['*'], max_age: '5' }],
  ['envoy', ours({ allow_methods: ['PUT'], allow_headers: ['Content-Type'], expose_headers: ['ETag'], max_age: '600' })],
]) {
  const written = core.judge({ ...question, policy }).copies[form];
  const read = judged(written.text);
  const options = { ...read.policies?.[0]?.options };
  delete options.tolerate_forbidden_names;
  const inOrder = (one) => Object.entries(one).map(([name, value]) => `${name}=${value}`).sort();
  // Envoy lists the methods that need no permission, too.
  if (form === 'envoy') options.allow_methods = options.allow_methods?.filter((one) => !/^(GET|HEAD|POST)$/.test(one));
  check(`${form}: what is copied can be pasted`, same(inOrder(options), inOrder(policy)), { written, options, read: read.problems });
}

// Shells and scripts read the texts as they were meant.
const odd = `it's "quoted" \\ $HOME \`x\``;
const [exchange] = core.judge({ ...question, policy: ours({ allow_methods: ['*'], allow_headers: ['*'] }),
  request: { ...question.request, method: 'GET', headers: [['X-Odd', odd]] } }).standard.exchanges;
const words = execFileSync('bash', ['-c', `curl() { printf '%s\\0' "$@"; }\n${asCurl([exchange], odd)}`]).toString().split('\0');
check('curl gets every header of a preflight', exchange.request.every(([name, value]) => words.includes(`${name}: ${value}`)), words);
check('curl sends no body with a preflight', !words.includes('--data-raw'), words);
const [posted] = core.judge({ ...question, policy: ours(),
  request: { ...question.request, method: 'POST', body: odd, headers: [] } }).standard.exchanges;
check('curl gets the body', execFileSync('bash', ['-c', `curl() { printf '%s\\0' "$@"; }\n${asCurl([posted], odd)}`])
  .toString().split('\0').includes(odd));
for (const request of [question.request,
  { url: 'https://api.example/?a=\'b\'', method: 'POST', credentials: 'include', mode: 'no-cors', redirect: 'manual',
    headers: [['X-Odd', odd]], body: `${odd}\nnext\r\u2028` }]) {
  const run = new Function('fetch', `return (async () => { ${asFetch(request)} return response; })()`);
  const got = await run(async (url, options = {}) => ({ url, ...options }));
  const usual = { method: 'GET', credentials: 'same-origin', mode: 'cors', redirect: 'follow', headers: [], body: null };
  check('fetch gets the request', Object.entries(request).every(([name, value]) => same(got[name] ?? usual[name], value)), got);
}

// --- the address ---

const state = {
  policy: { allow_origins: ['https://a.example', '*', 'ü & = % # +\u{1f98a}'], allow_credentials: true, max_age: '-1' },
  paste: 'a: 1\nb: "%"\n', pick: 2,
  request: { ...usualRequest, page: 'null', method: 'X+Y', headers: 'A: b c\nD: ==', again: '5' },
};
const fragment = writeState(state);
check('the address says everything', same(readState(fragment, fields), state), readState(fragment, fields));
check('the address is one', new URL(`https://x.example/#${fragment}`).hash.slice(1) === fragment, fragment);
check('an empty address says nothing', readState('', fields) === null);
check('an address of nonsense does no harm', same(readState('%=1&max_age=%E0%A4%A&x=y&pick=-1&=', fields)?.policy, {}));

// --- what aborts does not stay so ---

const cut = { ...question, policy: ours() };
delete cut.request;
let said = '';
try {
  core.judge(cut);
} catch (error) {
  said = error.message;
}
check('a question that is none is refused', said === 'corsac cannot judge this', said);
check('and the next is answered', core.judge({ ...question, policy: ours({ allow_methods: ['PUT'] }) }).standard.verdict === 'allowed');

console.log(`core: ${total.passed} passed, ${total.failed} failed`);
process.exitCode = total.failed === 0 ? 0 : 1;
