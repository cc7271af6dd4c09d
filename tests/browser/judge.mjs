// SPDX-License-Identifier: MIT
// Compares one case of one browser: the real verdict with the simulated one, the requests that the
// servers saw with the simulated ones, and the verdict with what corsac decided about them.

const isPage = (test) => !['sandbox', 'data'].includes(test.context);
const site = (url) => new URL(url).hostname.replace(/\.$/, '').split('.').slice(-2).join('.');

// A cookie of the tests has SameSite=Lax and belongs to one host, so only a page of the same site
// sends it; an opaque origin has no site.
const cookiesAreReal = (test, url) =>
  isPage(test) && site(test.page) === site(url) && site(url) === 'page.test' &&
  new URL(test.page).protocol === new URL(url).protocol && !new URL(url).hostname.endsWith('.');

const line = (r) =>
  `${r.kind} ${r.method} ${r.url} origin=${r.origin} acrm=${r.acrm} acrh=${r.acrh}` +
  (r.credentials === undefined ? '' : ` credentials=${r.credentials}`);

function wire(test, requests) {
  return requests.map(({ kind, method, url, origin, acrm, acrh, credentials }) => line({
    kind, method, url, origin, acrm, acrh,
    credentials: cookiesAreReal(test, url) ? credentials : undefined,
  }));
}

// What corsac's decisions, made for the requests that really came, say about the outcome. Undefined
// where the browser has a say of its own.
function implied(test, step, simulated, entries) {
  const { mode, credentials } = step.request;
  if (mode !== 'cors' || simulated.verdict === 'throws') return undefined;
  if (/^(redirect|scheme)/.test(simulated.step)) return undefined;
  if (!entries.length) return undefined;
  for (const entry of entries) {
    const target = new URL(entry.url);
    const own = isPage(test) && target.origin === test.page &&
      entries.every((e) => new URL(e.url).origin === test.page || e === entry ||
        entries.indexOf(e) > entries.indexOf(entry));
    if (own) continue;  // same-origin, and the request has not been elsewhere yet
    const { governed, allows, credentials: withCredentials } = entry.decision;
    if (!governed || !allows) return 'blocked';
    if (credentials === 'include' && !withCredentials) return 'blocked';
    if (entry.kind === 'preflight' && test.advertise) return undefined;
  }
  return entries.at(-1).kind === 'preflight' ? 'blocked' : 'allowed';
}

export const consoleOf = (test, run) => run.console.filter((text) => text.includes(`/${test.name}/`));

export function judge(name, test, run) {
  const results = run.results[test.name] ?? [];
  const journal = run.journal[test.name] ?? [];
  const complaints = [];
  let checks = 0;
  const equal = (what, real, wanted) => {
    ++checks;
    const [a, b] = [JSON.stringify(real), JSON.stringify(wanted)];
    if (a === b) return;
    // Requests get a line each.
    const show = (value) => Array.isArray(value) && value.some((v) => /^(preflight|actual) /.test(v))
      ? value.map((v) => `\n        ${v}`).join('') : ' ' + JSON.stringify(value);
    complaints.push(`${what}\n      real:${show(real)}\n      expected:${show(wanted)}`);
  };

  if (test.websocket) {
    equal('the socket opens exactly if the policy allows the origin',
      results[0]?.verdict, test.allows_origin ? 'allowed' : 'blocked');
    equal('Origin of the handshake', journal.map((e) => e.origin), [isPage(test) ? test.page : 'null']);
  } else {
    const simulated = test.expected[name];
    equal('number of steps that ran', results.length, test.steps.length);
    if (test.verdict) {
      equal('the verdict that the table names', results.map((r) => r.verdict),
        test.steps.map(() => test.verdict));
    }
    if (test.preflights >= 0) {
      equal('the number of preflights that the table names',
        journal.filter((e) => e.kind === 'preflight').length, test.preflights);
    }
    if (test.console) {
      const lines = consoleOf(test, run);
      equal('a line of the console names what is wrong', lines.some((l) => new RegExp(test.console).test(l))
        ? [] : lines, []);
    }
    if (test.group === 'request' && results[0]?.type === 'cors') {
      equal('the exposed headers that the table names',
        results[0].exposed.filter((n) => ['etag', 'x-request-id', 'x-secret'].includes(n)).join(' '),
        test.exposes);
    }
    // The demo keeps no journal.
    const isDemo = test.group === 'demo';
    if (!isDemo) {
      equal('requests on the wire', wire(test, journal),
        wire(test, simulated.flatMap((s) => s.requests)));
    }
    const attributable = !isDemo && complaints.length === 0;
    let at = 0;
    simulated.forEach((s, i) => {
      const step = test.steps[i];
      const real = results[i] ?? {};
      const entries = journal.slice(at, at += s.requests.length);
      equal(`step ${i + 1}, verdict (simulated: ${s.step})`, real.verdict, s.verdict);
      if (s.verdict === 'allowed') {
        equal(`step ${i + 1}, type and status`, [real.type, real.status], [s.type, s.status]);
        equal(`step ${i + 1}, exposed headers`,
          (real.exposed ?? []).filter((n) => test.names.includes(n)).sort(), s.exposed);
      }
      const wanted = attributable ? implied(test, step, s, entries) : undefined;
      if (wanted) equal(`step ${i + 1}, what corsac's decisions imply`, real.verdict, wanted);
    });
  }

  const story = complaints.length === 0 ? '' : [
    `DISAGREE ${name} ${test.name}: ${test.about}`,
    `  page ${test.page} (${test.context}), policy ${test.policy}`,
    ...test.steps.map(({ request: { url, ...rest } }) => `  ${url} ${JSON.stringify(rest)}`),
    ...complaints.map((c) => `  - ${c}`),
    '  what the servers saw:',
    ...journal.map((e) => `    ${line(e)} -> ${e.decision.explanation}`),
    '  what the script saw:',
    ...results.map((r) => `    ${JSON.stringify(r)}`),
    '  console:',
    ...consoleOf(test, run).map((text) => `    ${text}`),
  ].join('\n');
  return { test, story, checks, allowed: results.length > 0 && results.every((r) => r.verdict === 'allowed') };
}
