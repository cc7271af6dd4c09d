// SPDX-License-Identifier: MIT
// Asks real browsers what they do with cases in the format of tests/testing/browser-truth.jsonl, and
// writes the same lines with a column for each browser.
//
//   node record.mjs CERTIFICATE KEY BROWSER... <cases.jsonl >recorded.jsonl

import { readFileSync } from 'node:fs';
import { launch } from './browsers.mjs';
import { Lab } from './lab.mjs';

const [certificate, key, ...names] = process.argv.slice(2);
const concurrency = 6;
const atOnce = 100;  // cases in one call, which must end before the driver loses patience

const input = readFileSync(0, 'utf8').split('\n').filter(Boolean).map((line) => JSON.parse(line));
const here = new URL('.', import.meta.url);
const lab = await Lab.start({
  page: readFileSync(new URL('page.html', here), 'latin1'),
  script: readFileSync(new URL('page.js', here), 'latin1'),
  cert: readFileSync(certificate),
  key: readFileSync(key),
});

const warmUpUrl = (host) => `http://${host}:9103/c/warm-up-${host}`;
const generous = [['Access-Control-Allow-Origin', '*'], ['Access-Control-Allow-Methods', 'PUT, DELETE'],
  ['Access-Control-Max-Age', '600']];
const warmUp = (host) => ({
  id: 'warm-up-' + host,
  hops: [{ url: warmUpUrl(host), preflight: { status: 204, headers: generous },
    actual: { status: 200, headers: generous } }],
});

// A case with real ports, as page.js takes it.
function prepared(line) {
  const steps = line.steps ?? [{ page: line.page, request: line.request, wait_ms: 0 }];
  const { id, context, hops } = lab.real(line);
  const mark = steps.length > 1 ? lab.mark(id) : undefined;
  return { name: id, id, context: context ?? 'page', hops, steps: lab.real(steps), mark };
}
const cases = input.filter((line) => line.hops).map(prepared);
const hosts = new Set(cases.flatMap((test) => test.hops).map(({ url }) => new URL(url).hostname));
for (const test of [...cases, ...[...hosts].map((host) => lab.real(warmUp(host)))]) lab.add(test);

const crossesPages = (test) => test.steps.some((step) => step.page !== test.steps[0].page);

async function openPage(browser, origin, messages) {
  const page = await browser.newPage();
  page.on('console', (message) => messages.push(message.text()));
  page.on('pageerror', (error) => messages.push(error.message));
  await page.goto(origin + '/lab-page');
  if (origin.startsWith('http:')) {
    for (const host of hosts) {
      await page.evaluate((url) => warmUp(url).catch(() => {}), lab.real(warmUpUrl(host)));
    }
  }
  return page;
}

async function drive(name) {
  lab.forget();
  const { browser, close } = await launch(name);
  const results = {};
  const messages = [];
  try {
    const parts = new Map();
    for (const test of cases) {
      const part = crossesPages(test) ? '' : test.steps[0].page;
      parts.set(part, [...(parts.get(part) ?? []), test]);
    }
    for (const [origin, own] of parts) {
      if (!origin) continue;
      const page = await openPage(browser, origin, messages);
      for (let at = 0; at < own.length; at += atOnce) {
        Object.assign(results, await page.evaluate(
          (list, n) => runCases(list, n), own.slice(at, at + atOnce), concurrency));
      }
      await page.close();
    }
    const pages = new Map();
    for (const test of parts.get('') ?? []) {
      results[test.id] = [];
      for (const step of test.steps) {
        if (!pages.has(step.page)) pages.set(step.page, await openPage(browser, step.page, messages));
        results[test.id].push(
          await pages.get(step.page).evaluate((s, mark) => runStep(s, mark), step, test.mark));
      }
    }
    await new Promise((resolve) => setTimeout(resolve, 1000));  // the last lines of the console
    return { version: await browser.version(), results, messages };
  } finally {
    await close();
  }
}

// Which of the messages speak of a case: those with one of its paths, or with its name in one, as
// the target of a redirect has.
function consoleOf(test, messages) {
  const paths = [...test.hops, ...test.steps.map(({ request }) => request)]
    .map(({ url }) => /\/c\/[\w./%-]*/.exec(url)?.[0] ?? url);
  const quoted = [...new Set([...paths, `/c/${test.id}`])]
    .map((path) => path.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  const pattern = new RegExp(`(${quoted.join('|')})(?![\\w%-]|\\.\\w)`);
  return messages.filter((text) => pattern.test(text) && !text.startsWith('Failed to load resource'));
}

// The requests of each step.
function perStep(seen) {
  const steps = [];
  for (const entry of seen) entry ? steps.at(-1).push(entry) : steps.push([]);
  return steps;
}

function column(test, { results, messages }) {
  const names = new Set(test.hops.flatMap(({ preflight, actual }) => [preflight, actual].flat())
    .flatMap((answer) => answer?.headers ?? []).map(([header]) => header.toLowerCase()));
  const shown = (result) => ({
    ...result,
    ...(result.exposed ? { exposed: result.exposed.filter((n) => names.has(n)).sort() } : {}),
  });
  const outcomes = results[test.id].map(shown);
  if (test.mark) {
    // Whose step a line of the console speaks of is not known.
    const requests = perStep(lab.seen(test.id));
    return { steps: outcomes.map((outcome, i) => ({ ...outcome, requests: requests[i] })) };
  }
  return { ...outcomes[0], requests: lab.seen(test.id), console: consoleOf(test, messages) };
}

for (const name of names) {
  const run = await drive(name);
  process.stderr.write(`${name} (${run.version}): ${cases.length} cases\n`);
  const byId = new Map(cases.map((test) => [test.id, test]));
  for (const line of input) {
    if (line.hops) line[name] = lab.named(column(byId.get(line.id), run));
    else if (line.meta) line[name] = run.version;
  }
}
lab.close();
process.stdout.write(input.map((line) => JSON.stringify(line) + '\n').join(''));
