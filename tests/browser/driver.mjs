// SPDX-License-Identifier: MIT
// Sends real browsers through the cases of corsac_browser_cases and compares what they did with what
// the simulated browser did and with what corsac decided.
//
//   node driver.mjs PORTS BROWSER...     PORTS is the line that corsac_browser_cases prints
//
// CORSAC_CASES, a regular expression, selects cases by name.

import { launch } from './browsers.mjs';
import { consoleOf, judge } from './judge.mjs';

const ports = JSON.parse(process.argv[2]);
const names = process.argv.slice(3);
const base = `http://127.0.0.1:${ports.control}`;
const filter = new RegExp(process.env.CORSAC_CASES ?? '.');

const get = async (path) => (await fetch(base + path)).json();

function grouped(items, key) {
  const groups = new Map();
  for (const item of items) {
    const name = key(item);
    if (!groups.has(name)) groups.set(name, []);
    groups.get(name).push(item);
  }
  return groups;
}

// Visits every host that a case talks to, on a server that sets the cookie; ports do not matter.
async function plantCookies(browser, cases) {
  const origins = new Set();
  for (const { request: { url } } of cases.flatMap((test) => test.steps)) {
    const { protocol, hostname } = new URL(url);
    if (protocol === 'https:') origins.add(`https://${hostname}:${ports.tls}`);
    if (protocol === 'http:') origins.add(`http://${hostname}:${ports.plain}`);
  }
  const page = await browser.newPage();
  for (const origin of origins) await page.goto(origin + '/page');
  await page.close();
}

const crossesPages = (test) => test.steps.some((step) => step.page);

// Cases whose steps are made by different pages, which stay open meanwhile.
async function runAcrossPages(browser, cases, results, messages) {
  const pages = new Map();
  for (const test of cases) {
    results[test.name] = [];
    for (const step of test.steps) {
      const origin = step.page || test.page;
      if (!pages.has(origin)) {
        const page = await browser.newPage();
        listen(page, messages);
        await page.goto(origin + '/page');
        pages.set(origin, page);
      }
      results[test.name].push(await pages.get(origin).evaluate((s) => runStep(s), step));
    }
  }
  for (const page of pages.values()) await page.close();
}

// Firefox reports what its network code says to the console as errors of the page.
function listen(page, messages) {
  page.on('console', (message) => messages.push(message.text()));
  page.on('pageerror', (error) => messages.push(error.message));
}

async function runBrowser(name, cases) {
  await fetch(base + '/clear', { method: 'POST' });
  const { browser, close } = await launch(name, {
    'example.com': ports.tls, 'www.example.com': ports.tls, 'notallowed.com': ports.tls,
  });
  const results = {};
  const messages = [];
  try {
    await plantCookies(browser, cases);
    // Preflight caching comes last and alone: Firefox remembers no more than a hundred preflights.
    const parts = grouped(cases.filter((test) => !crossesPages(test)), (test) => `${test.group === 'cache' ? 'z' : 'a'} ${test.page}`);
    for (const [, own] of [...parts].sort(([a], [b]) => a[0].localeCompare(b[0]))) {
      const page = await browser.newPage();
      listen(page, messages);
      await page.goto(own[0].page + '/page');
      if (own[0].group === 'cache') {
        await page.evaluate((url) => warmUp(url),
          `http://api.page.test:${ports.plain}/age600/warm-up/ok`);
      }
      Object.assign(results, await page.evaluate((list) => runCases(list, 6), own));
      await page.close();
    }
    await runAcrossPages(browser, cases.filter(crossesPages), results, messages);
    const version = await browser.version();
    return { version, results, console: messages, journal: await get('/journal') };
  } finally {
    await close();
  }
}

const cases = (await get('/cases')).filter((test) => filter.test(test.name));
const total = { passed: 0, failed: 0 };
for (const name of names) {
  const started = Date.now();
  let run;
  try {
    run = await runBrowser(name, cases);
  } catch (error) {
    console.log(`${name} could not be driven: ${error.stack}`);
    total.failed += cases.length;
    continue;
  }
  const verdicts = cases.map((test) => judge(name, test, run));
  const wrong = verdicts.filter((v) => v.story);
  for (const { story } of wrong) console.log(story);
  for (const test of cases.filter((t) => t.console)) {
    console.log(`${name}, ${test.about}: ${consoleOf(test, run).join(' | ')}`);
  }
  for (const [group, own] of grouped(verdicts, (v) => v.test.group)) {
    const allowed = own.filter((v) => v.allowed).length;
    console.log(`${name}, ${group}: ${own.length} cases, of which ${allowed} allowed; ` +
      `${own.filter((v) => v.story).length} disagree`);
  }
  const checks = verdicts.reduce((n, v) => n + v.checks, 0);
  console.log(`${name} (${run.version}): ${verdicts.length} cases, ${checks} comparisons, ` +
    `${wrong.length} disagree, ${Math.round((Date.now() - started) / 1000)} s`);
  total.passed += cases.length - wrong.length;
  total.failed += wrong.length;
}
if (total.passed + total.failed === 0) console.log('no case ran');
console.log(`${total.passed} passed, ${total.failed} failed`);
process.exitCode = total.failed === 0 && total.passed > 0 ? 0 : 1;
