// SPDX-License-Identifier: MIT
// Uses the playground as a person would, in real browsers.
//
//   node check.mjs URL SECOND-URL SCREENSHOTS BROWSER...
//
// The playground listens on both URLs. SCREENSHOTS is a folder, or - for none.

import { join } from 'node:path';
import { launch } from './browsers.mjs';

const [url, second, shots, ...names] = process.argv.slice(2);
const total = { passed: 0, failed: 0 };

function check(what, good, detail = '') {
  total[good ? 'passed' : 'failed']++;
  if (!good) console.log(`WRONG: ${what} ${detail}`);
}

// Does something to the page and waits until it has drawn the result of it.
async function settled(page, act) {
  const before = await page.evaluate(() => Number(document.body.dataset.turn ?? 0));
  await act();
  await page.waitForFunction((turn) => Number(document.body.dataset.turn ?? 0) > turn,
    { timeout: 15000 }, before);
}

const fill = (page, id, value) => settled(page, () => page.evaluate((name, text) => {
  const field = document.getElementById(name);
  if (field.type === 'checkbox') field.checked = text;
  else field.value = text;
  field.dispatchEvent(new Event('input', { bubbles: true }));
  field.dispatchEvent(new Event('change', { bubbles: true }));
}, id, value));

const read = (page) => page.evaluate(() => ({
  verdicts: [...document.querySelectorAll('.verdict')].map((v) => v.className.replace('verdict ', '')),
  steps: [...document.querySelectorAll('.verdict')].map((v) => v.querySelector('.step code')?.textContent ?? ''),
  decisions: [...document.querySelectorAll('#decisions li code')].map((c) => c.textContent),
  seen: [...document.querySelectorAll('#seen li')].map((li) => li.textContent),
  problems: [...document.querySelectorAll('#policy .problems li')].map((li) => li.textContent),
  exchanges: [...document.querySelectorAll('.exchange h4')].map((h) => h.textContent),
  request: [...document.querySelectorAll('.exchange tr')].map((tr) => tr.textContent),
  state: document.getElementById('policy-state').textContent,
  agreement: document.getElementById('agreement').textContent,
  failure: document.getElementById('failure').hidden ? '' : document.getElementById('failure').textContent,
}));

const every = (list, wanted) => list.length === 4 && list.every((v) => v === wanted);

async function tryOut(page, name) {
  const expect = async (what, good) => {
    const now = await read(page);
    check(`${name}: ${what}`, good(now), JSON.stringify(now));
  };
  await expect('the first page is allowed, and all agree',
    (r) => every(r.verdicts, 'allowed') && r.state === 'in force' && r.agreement === 'all four agree' &&
      r.seen.includes('x-request-id') && !r.seen.includes('etag'));

  await fill(page, 'method', 'PATCH');
  await expect('an unlisted method stops at the preflight',
    (r) => every(r.verdicts, 'blocked') && r.decisions.join() === 'method_not_allowed' &&
      r.exchanges.length === 1 && r.exchanges[0].includes('OPTIONS') && r.exchanges[0].includes('403'));

  await fill(page, 'allow_methods', 'PUT\nPATCH');
  await expect('allowing it takes effect at once',
    (r) => every(r.verdicts, 'allowed') && r.exchanges.length === 2 && r.decisions.join() === 'allowed,allowed');

  await fill(page, 'allow_origins', 'http://localhost:1/\nhttps://good.example');
  await expect('a mistake is shown at its line with what to write, and the sound policy stays',
    (r) => r.problems.length === 1 && r.problems[0].includes('line 1') &&
      r.problems[0].includes('http://localhost:1') && r.state.includes('1 error') && every(r.verdicts, 'allowed'));

  await fill(page, 'allow_origins', 'https://good.example');
  await expect('another origin is refused', (r) => every(r.verdicts, 'blocked') &&
    r.decisions.join() === 'origin_not_allowed' && r.problems.length === 0);

  await fill(page, 'method', 'GET');
  await expect('a simple request arrives and its answer is hidden',
    (r) => every(r.verdicts, 'blocked') && r.steps[3] === 'actual:origin-missing' &&
      r.exchanges.length === 1 && r.exchanges[0].includes('200'));

  await fill(page, 'kind', 'generous');
  await expect('a handler with CORS headers of its own changes nothing', (r) => every(r.verdicts, 'blocked'));
  await fill(page, 'kind', 'plain');

  await fill(page, 'origin', 'null');
  await expect('a sandboxed frame is null', (r) => every(r.verdicts, 'blocked') &&
    r.decisions.join() === 'null_origin_not_allowed');

  await fill(page, 'origin', url);
  await expect('the own origin needs no CORS', (r) => every(r.verdicts, 'allowed') &&
    r.decisions.join() === 'not_cors' && r.seen.includes('etag'));

  await fill(page, 'preset', 'Your own machine, with cookies');
  await fill(page, 'origin', second);
  await fill(page, 'credentials', 'include');
  await fill(page, 'headers', 'Authorization: Bearer x\nX-Anything: 1');
  await expect('cookies and any header, where both are allowed', (r) => every(r.verdicts, 'allowed') &&
    r.exchanges.length === 2 && r.request.some((row) => row.includes('visitor=you')));

  await fill(page, 'preset', 'A public API');
  await expect('everybody, but nobody with cookies', (r) => every(r.verdicts, 'blocked'));
  await fill(page, 'credentials', 'omit');
  await fill(page, 'headers', '');
  await expect('everybody without cookies, everything exposed', (r) => every(r.verdicts, 'allowed') &&
    r.seen.includes('etag') && r.seen.includes('x-ratelimit-remaining'));

  await fill(page, 'body', 'a=1');
  await expect('GET with a body throws', (r) => every(r.verdicts, 'throws') && r.exchanges.length === 0);
  await fill(page, 'method', 'post');
  await expect('post is POST', (r) => every(r.verdicts, 'allowed') && r.exchanges[0].includes('POST'));
  await fill(page, 'body', '');

  await fill(page, 'origin', 'other');
  await expect('an origin that the browser cannot be is simulated', (r) =>
    r.verdicts.join() === 'unknown,allowed,allowed,allowed');

  await fill(page, 'preset', 'What many copy, and corsac refuses');
  await expect('all mistakes at once', (r) => r.problems.length >= 6 && r.state.includes('errors'));
  await fill(page, 'preset', 'One page of this playground');
  await fill(page, 'origin', second);
  await fill(page, 'method', 'GET');
  await expect('and back', (r) => every(r.verdicts, 'allowed') && r.problems.length === 0 && r.failure === '');
}

// Every control can be reached with the Tab key and shows that it has the focus.
async function useKeyboard(page, name) {
  const controls = await page.evaluate(() => {
    document.activeElement.blur();
    return [...document.querySelectorAll('input, select, textarea, button, summary, a[href]')]
      .filter((e) => e.checkVisibility() && e.id !== 'summary').length;
  });
  const reached = new Set();
  const ringless = [];
  for (let i = 0; i < controls + 5; ++i) {
    await page.keyboard.press('Tab');
    const [id, ring] = await page.evaluate(() => {
      const e = document.activeElement;
      if (e === document.body) return ['', true];
      return [e.id || e.textContent.trim(), getComputedStyle(e).outlineStyle !== 'none'];
    });
    if (!id || reached.has(id)) break;  // once round
    reached.add(id);
    if (!ring) ringless.push(id);
  }
  check(`${name}: the Tab key reaches every control`, reached.size >= controls, `${reached.size} of ${controls}`);
  check(`${name}: the focus is visible`, ringless.length === 0, ringless.join());
  const unlabelled = await page.evaluate(() => [...document.querySelectorAll('input, select, textarea')]
    .filter((e) => !e.labels.length).map((e) => e.id));
  check(`${name}: every field has a label`, unlabelled.length === 0, unlabelled.join());
}

const sizes = { phone: [390, 844], desktop: [1280, 900] };

async function photograph(page, name) {
  for (const [size, [width, height]] of Object.entries(sizes)) {
    await page.setViewport({ width, height });
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    check(`${name}: nothing is cut off at ${width} pixels`, overflow <= 0, `${overflow} pixels too wide`);
    if (shots === '-') continue;
    for (const [scene, prepare] of Object.entries({
      allowed: async () => {
        await fill(page, 'preset', 'Your own machine, with cookies');
        await fill(page, 'credentials', 'include');
        await fill(page, 'method', 'PUT');
        await fill(page, 'headers', 'X-Token: 1');
      },
      blocked: async () => {
        await fill(page, 'preset', 'One page of this playground');
        await fill(page, 'method', 'DELETE');
      },
      mistakes: () => fill(page, 'preset', 'What many copy, and corsac refuses'),
    })) {
      await prepare();
      for (const scheme of name === 'chromium' ? ['light', 'dark'] : ['light']) {
        if (name === 'chromium') {
          await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }]);
        }
        await page.screenshot({ path: join(shots, `${name}-${size}-${scene}-${scheme}.png`), fullPage: true });
      }
      await page.evaluate(() => document.querySelectorAll('details').forEach((d) => { d.open = false; }));
    }
  }
}

for (const name of names) {
  const started = Date.now();
  let close = async () => {};
  try {
    const launched = await launch(name);
    const { browser } = launched;
    close = launched.close;
    const page = await browser.newPage();
    page.on('pageerror', ({ message }) => {
      // Firefox reports what it blocks in the same way.
      if (/^(Cross-Origin Request Blocked|Cookie )/.test(message)) return;
      check(`${name}: no script error`, false, message);
    });
    await page.setViewport({ width: 1280, height: 900 });
    await settled(page, () => page.goto(url));
    await tryOut(page, name);
    await useKeyboard(page, name);
    await photograph(page, name);
    console.log(`${name} (${await browser.version()}): ${Math.round((Date.now() - started) / 1000)} s`);
  } catch (error) {
    check(`${name} could be driven to the end`, false, error.stack);
  } finally {
    await close();
  }
}
console.log(`${total.passed} passed, ${total.failed} failed`);
process.exitCode = total.failed === 0 && total.passed > 0 ? 0 : 1;
