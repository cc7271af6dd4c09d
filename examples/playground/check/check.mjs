// SPDX-License-Identifier: MIT
// Uses the playground as a person would, in real browsers: served, and from the disk.
//
//   node check.mjs URL SECOND-URL FOLDER SCREENSHOTS BROWSER...
//
// The playground listens on both URLs, and its page was built into FOLDER. SCREENSHOTS is a folder,
// or - for none.

import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { launch } from './browsers.mjs';
import { check, checkAccessible, checkLayout, click, copied, every, fill, open, read, reload, settled, tabTo, total, type } from './page.mjs';

const [url, second, folder, shots, ...names] = process.argv.slice(2);
const fromDisk = pathToFileURL(join(folder, 'index.html')).href;

const expecting = (page, name) => async (what, good) => {
  const now = await read(page);
  check(`${name}: ${what}`, good(now), now);
};

// Every verdict beside a real request of this browser.
async function tryForReal(page, name) {
  const expect = expecting(page, `${name}, served`);
  const all = (r, wanted) => every(r.verdicts, 4, wanted);
  await open(page, `${url}/`);
  await expect('the first page is allowed, and all agree', (r) => all(r, 'allowed') && r.state === 'in force' &&
    r.agreement === 'all four agree' && r.seen.includes('x-request-id') && !r.seen.includes('etag'));

  await fill(page, 'method', 'PATCH');
  await expect('an unlisted method stops at the preflight', (r) => all(r, 'blocked') &&
    r.decisions.join() === 'method_not_allowed' && r.exchanges.length === 1 &&
    r.exchanges[0].includes('OPTIONS') && r.exchanges[0].includes('403'));
  await click(page, '#decisions button.fix');
  await expect('taking the advice lets it through at once', (r) => all(r, 'allowed') &&
    r.exchanges.length === 2 && r.decisions.join() === 'allowed,allowed');

  await fill(page, 'allow_origins', 'http://localhost:1/\nhttps://good.example');
  await expect('a mistake is shown at its line with what to write, and the sound policy stays', (r) =>
    r.problems.length === 1 && r.problems[0].includes('line 1') && r.problems[0].includes('http://localhost:1') &&
    r.state.includes('1 error') && all(r, 'allowed'));
  await click(page, '#allow_origins-problems button.fix');
  await expect('another origin is refused', (r) => all(r, 'blocked') && r.state === 'in force' &&
    r.decisions.join() === 'origin_not_allowed');

  await fill(page, 'method', 'GET');
  await expect('a simple request arrives and its answer is hidden', (r) => all(r, 'blocked') &&
    r.steps[3] === 'actual:origin-missing' && r.exchanges.length === 1 && r.exchanges[0].includes('200'));
  await fill(page, 'kind', 'generous');
  await expect('a handler with CORS headers of its own changes nothing', (r) => all(r, 'blocked'));
  await fill(page, 'kind', 'plain');

  await fill(page, 'origin', 'null');
  await expect('a sandboxed frame is null', (r) => all(r, 'blocked') && r.decisions.join() === 'null_origin_not_allowed');
  await fill(page, 'origin', url);
  await expect('the own origin needs no CORS', (r) => all(r, 'allowed') &&
    r.decisions.join() === 'not_cors' && r.seen.includes('etag'));

  await fill(page, 'preset', 'Your own machine, with cookies');
  await fill(page, 'origin', second);
  await fill(page, 'credentials', 'include');
  await fill(page, 'headers', 'Authorization: Bearer x\nX-Anything: 1');
  await expect('cookies and any header, where both are allowed', (r) => all(r, 'allowed') &&
    r.exchanges.length === 2 && r.rows.some((row) => row.includes('visitor=you')));

  await fill(page, 'preset', 'A public API');
  await expect('everybody, but nobody with cookies', (r) => all(r, 'blocked'));
  await fill(page, 'credentials', 'omit');
  await fill(page, 'headers', '');
  await expect('everybody without cookies, everything exposed', (r) => all(r, 'allowed') &&
    r.seen.includes('etag') && r.seen.includes('x-ratelimit-remaining'));

  await fill(page, 'body', 'a=1');
  await expect('GET with a body throws', (r) => all(r, 'throws') && r.exchanges.length === 0 && r.fixes.includes('Send no body'));
  await fill(page, 'method', 'post');
  await expect('post is POST', (r) => all(r, 'allowed') && r.exchanges[0].includes('POST'));
  await fill(page, 'body', '');
  await fill(page, 'mode', 'no-cors');
  await expect('no-cors gets an opaque response', (r) => all(r, 'allowed') && r.seen.length === 0);
  await fill(page, 'mode', 'same-origin');
  await expect('same-origin sends nothing elsewhere', (r) => all(r, 'blocked') && r.exchanges.length === 0 && r.fixes.includes('Set mode to cors'));

  await fill(page, 'origin', 'other');
  await expect('an origin that the browser cannot be is simulated', (r) =>
    r.verdicts.join() === 'unknown,blocked,blocked,blocked');

  const asked = `allow_origins=${second}&allow_methods=PUT&allow_headers=Content-Type&method=PUT`;
  await open(page, `${url}/#${asked}&kind=redirect-same`);
  await expect('a redirect is followed, with a preflight for each URL', (r) => all(r, 'allowed') &&
    r.exchanges.map((one) => one.slice(0, 6)).join() === '1. OPT,2. PUT,3. OPT,4. PUT');
  await fill(page, 'kind', 'redirect-away');
  await expect('behind a redirect to another origin it is null', (r) => all(r, 'blocked') &&
    r.agreement === 'all four agree' && r.decisions.at(-1) === 'null_origin_not_allowed');
  await fill(page, 'redirect', 'error');
  await expect('redirects can be errors', (r) => all(r, 'blocked') && r.exchanges.length === 2 && r.fixes.includes('Follow redirects'));
  await fill(page, 'redirect', 'manual');
  await expect('redirects can be left alone', (r) => all(r, 'allowed') && r.exchanges.length === 2);

  await open(page, `${url}/#${asked}&max_age=2&again=1`);
  await expect('within its age a preflight is remembered', (r) => r.exchanges.length === 3 &&
    r.agreement === 'all four agree' && r.times.every((one) => one.includes('sends without asking')));
  await fill(page, 'again', '3');
  await expect('and asked for again afterwards', (r) => r.exchanges.length === 4 &&
    r.agreement === 'all four agree' && r.times.every((one) => one.includes('asks first')));

  await open(page, `${url}/#paste=${encodeURIComponent(`cors:\n  allowOrigins: ["${second}"]\n  allowMethods: [PUT]\n`)}&method=PUT`);
  await expect('a pasted policy is really asked', (r) => all(r, 'allowed') && r.state === 'judged');
}

// Without a server: state, copies, and what is pasted.
async function tryFromDisk(page, name) {
  const expect = expecting(page, `${name}, from the disk`);
  const all = (r, wanted) => every(r.verdicts, 3, wanted);
  await open(page, fromDisk);
  await expect('the first page is allowed', (r) => all(r, 'allowed') && r.agreement === 'all three agree');

  await fill(page, 'allow_methods', 'PUT\nDELETE');
  await fill(page, 'method', 'DELETE');
  await fill(page, 'max_age', '3600');
  const before = await read(page);
  await reload(page);
  const after = await read(page);
  check(`${name}: a reload keeps everything`, JSON.stringify(before) === JSON.stringify(after) && all(after, 'allowed'), { before, after });
  await settled(page, () => page.evaluate(() => { location.hash = '#allow_origins=*&method=PUT'; }));
  await expect('an address that is typed is read', (r) => all(r, 'blocked') && r.decisions.join() === 'method_not_allowed');

  await fill(page, 'preset', 'What many copy, and corsac refuses');
  await expect('all mistakes at once, each with advice', (r) => r.problems.length >= 6 &&
    r.state.includes('errors') && r.fixes.length >= r.problems.length);
  check(`${name}: the form knows that it is a preset's no more`, await (async () => {
    const before = await page.$eval('#preset', (e) => e.value);
    await click(page, '#policy button.fix');
    return before !== '' && await page.$eval('#preset', (e) => e.value) === '';
  })());
  for (let i = 0; i < 20 && await page.$('#policy button.fix'); ++i) await click(page, '#policy button.fix');
  await expect('taking all advice makes the policy sound', (r) => r.problems.length === 0 && r.state === 'in force');

  await open(page, `${fromDisk}#allow_origins=https://app.example&allow_methods=put`);
  await expect('a policy with errors has no verdict', (r) => r.verdicts.length === 0 || r.exchanges.length === 0);
  await open(page, `${fromDisk}#allow_origins=https://app.example&allow_methods=PUT&method=patch`);
  await expect('patch is not PATCH', (r) => r.explained[0].includes('send PATCH') && r.fixes.includes('Send PATCH'));
  await click(page, '#decisions button.fix');
  await click(page, '#decisions button.fix');
  await expect('the advice is to send PATCH, and to allow it', (r) => all(r, 'allowed') && r.hash.includes('allow_methods=PATCH'));

  const good = (await read(page)).hash;
  await fill(page, 'credentials', 'include');
  await expect('credentials have to be allowed', (r) => all(r, 'blocked') && r.fixes.at(-1) === 'Set allow_credentials = true');
  await click(page, '#console-fix button');
  await expect('and are', (r) => all(r, 'allowed') && r.hash.includes('allow_credentials=1'));
  await fill(page, 'allow_credentials', false);
  await fill(page, 'allow_origins', '*');
  await expect('everybody is nobody with credentials', (r) => all(r, 'blocked') && r.fixes.at(-1) === 'Send without credentials');
  await click(page, '#console-fix button');
  await expect('everybody without', (r) => all(r, 'allowed'));
  await open(page, fromDisk + good);

  const texts = {};
  for (const form of ['cpp', 'httproute', 'envoy', 'nginx', 'curl', 'fetch']) texts[form] = await copied(page, form);
  for (const [form, part] of Object.entries({
    cpp: '.allow_methods = {"PUT", "PATCH"}', httproute: 'kind: HTTPRoute', envoy: 'allow_origin_string_match',
    nginx: 'add_header Access-Control-Allow-Methods', curl: "curl -i -X 'OPTIONS'", fetch: "method: 'PATCH'",
  })) check(`${name}: copy as ${form}`, texts[form].includes(part), texts[form]);

  await fill(page, 'source-paste', true);
  await fill(page, 'paste', texts.httproute);
  await expect('what was copied can be pasted', (r) => all(r, 'allowed') && r.state === 'judged');
  await fill(page, 'paste', texts.envoy);
  await expect('for Envoy, too', (r) => all(r, 'allowed') && r.state === 'judged');
  await click(page, '#edit');
  await expect('and edited in the form', (r) => all(r, 'allowed') && r.state === 'in force' && !r.hash.includes('paste='));
  await fill(page, 'source-paste', true);
  await fill(page, 'paste', 'HTTP/1.1 204\nAccess-Control-Allow-Origin: *\nAccess-Control-Allow-Methods: PATCH\n\nHTTP/1.1 200 OK\n');
  await expect('responses are judged as they are', (r) => all(r, 'blocked') && r.steps[2] === 'actual:origin-missing');
  await reload(page);
  await expect('a pasted text is in the address, too', (r) => all(r, 'blocked') && r.steps[2] === 'actual:origin-missing');
  await fill(page, 'paste', 'a: [');
  await expect('what is no YAML is told', (r) => r.problems.join().includes('neither YAML nor JSON in line') && r.failure === '');
}

// All of it with the keyboard alone.
async function useKeyboard(page, name) {
  const expect = expecting(page, `${name}, keyboard`);
  const focused = () => page.evaluate(() => document.activeElement.id);
  await open(page, `${fromDisk}#allow_origins=https://app.example&allow_methods=PUT`);
  await tabTo(page, '.skip');
  await page.keyboard.press('Enter');
  await expect('a link within the page changes nothing', (r) => r.hash.includes('allow_methods=PUT'));
  check(`${name}: the first link skips to the result`, (await focused()) === 'result', await focused());
  await type(page, '#method', 'PATCH');
  await expect('a method is typed', (r) => every(r.verdicts, 3, 'blocked'));
  await tabTo(page, '#decisions button.fix');
  await settled(page, () => page.keyboard.press('Enter'));
  await expect('advice is taken', (r) => every(r.verdicts, 3, 'allowed'));
  check(`${name}: the focus stays at the result`, (await focused()) === 'result', await focused());
  await type(page, '#allow_origins', 'https://b.example/');
  await tabTo(page, '#allow_origins-problems button.fix');
  await settled(page, () => page.keyboard.press('Enter'));
  check(`${name}: the focus goes to the field that was mended`, (await focused()) === 'allow_origins', await focused());
  await expect('a mistake is mended', (r) => r.state === 'in force' && every(r.verdicts, 3, 'blocked'));
  await tabTo(page, '#allow_credentials');
  await settled(page, () => page.keyboard.press(' '));
  await expect('a box is ticked', (r) => r.hash.includes('allow_credentials=1'));
  await tabTo(page, '#copy-as');
  await page.keyboard.press('ArrowDown');
  check(`${name}: a form is chosen`, (await page.$eval('#copy-text', (e) => e.textContent)).includes('kind: HTTPRoute'));
  await tabTo(page, '#copy');
  await page.keyboard.press('Enter');
  await page.waitForFunction(() => document.getElementById('copy').textContent !== 'Copy', { timeout: 5000 });
  check(`${name}: it is copied`, (await page.$eval('#copy', (e) => e.textContent)) === 'Copied');
  await tabTo(page, '#source-form');
  await settled(page, () => page.keyboard.press('ArrowRight'));
  await type(page, '#paste', 'Access-Control-Allow-Origin: *');
  await expect('a text is pasted', (r) => r.steps[2] === 'preflight:method');

  await open(page, fromDisk);
  await page.evaluate(() => document.querySelectorAll('details').forEach((d) => { d.open = true; }));
  // Of radio buttons the chosen one is reached.
  const controls = await page.evaluate(() =>
    [...document.querySelectorAll('input, select, textarea, button, summary, a[href], pre')]
      .filter((e) => e.checkVisibility() && !e.disabled && !(e.type === 'radio' && !e.checked)).length);
  const reached = new Set();
  const ringless = [];
  for (let i = 0; i < controls + 5; ++i) {
    await page.keyboard.press('Tab');
    const [id, ring] = await page.evaluate(() => {
      const e = document.activeElement;
      if (e === document.body) return ['', true];
      const drawn = e.type === 'radio' ? e.nextElementSibling : e;
      return [e.id || e.textContent.trim(), getComputedStyle(drawn).outlineStyle !== 'none'];
    });
    if (!id || reached.has(id)) break;  // once round
    reached.add(id);
    if (!ring) ringless.push(id);
  }
  check(`${name}: the Tab key reaches every control`, reached.size >= controls, `${reached.size} of ${controls}`);
  check(`${name}: the focus is visible`, ringless.length === 0, ringless.join());
}

const sizes = { narrow: [320, 640], phone: [390, 844], desktop: [1280, 900] };
const long = 'x'.repeat(5000);
const scenes = {
  allowed: `allow_origins=http://localhost:*&allow_methods=*&allow_headers=*&allow_headers=Authorization&allow_credentials=1&dangerously_allow_insecure_origins_with_credentials=1&max_age=600&credentials=include&method=PUT&headers=X-Token:+1&page=${second}&again=5`,
  blocked: `allow_origins=${second}&allow_methods=PUT&method=DELETE&page=${second}`,
  mistakes: 'allow_origins=*&allow_origins=https://example.com/&allow_origins=http://10.0.0.0/8&allow_methods=put&allow_methods=TRACE&allow_headers=*&allow_headers=Cookie&expose_headers=*&allow_credentials=1&max_age=9007199254740993.5&preflight_status=404',
  long: `allow_origins=https://${long}.example&allow_origins=*&allow_headers=${long}&expose_headers=X-${long.slice(0, 250)}&headers=X-Long:+${long}&method=${long.slice(0, 60)}&url=https://api.example/${long}&again=${long}`,
  pasted: `paste=${encodeURIComponent('"@type": type.googleapis.com/envoy.extensions.filters.http.cors.v3.CorsPolicy\nallow_origin_string_match:\n- safe_regex: {regex: https://.*example.com}\n- exact: https://b.example\nallow_methods: GET, PUT\nallow_credentials: true\n')}&page=https://b.example&credentials=include`,
};

async function look(page, name, scheme) {
  for (const [scene, fragment] of Object.entries(scenes)) {
    await page.setViewport({ width: 1280, height: 900 });
    await open(page, `${url}/#${fragment}`);
    const dark = await page.evaluate(() => matchMedia('(prefers-color-scheme: dark)').matches);
    check(`${name}: the scheme is ${scheme}`, dark === (scheme === 'dark'));
    for (const form of scene === 'allowed' ? ['nginx', 'curl'] : ['cpp']) {
      await copied(page, form);
      for (const [size, [width, height]] of Object.entries(sizes)) {
        await page.setViewport({ width, height });
        const what = `${name}, ${scheme}, ${scene}, ${size}`;
        await checkLayout(page, what);
        await checkAccessible(page, what);
        if (shots !== '-') await page.screenshot({ path: join(shots, `${name}-${size}-${scene}-${form}-${scheme}.png`), fullPage: true });
      }
    }
  }
}

async function inBrowser(name, scheme, use) {
  const started = Date.now();
  let close = async () => {};
  try {
    const launched = await launch(name, {}, { 'layout.css.prefers-color-scheme.content-override': scheme === 'dark' ? 0 : 1 });
    close = launched.close;
    const page = await launched.browser.newPage();
    page.on('pageerror', ({ message }) => {
      // Firefox reports what it blocks in the same way.
      if (/^(Cross-Origin Request Blocked|Security Error|Cookie )/.test(message)) return;
      check(`${name}: no script error`, false, message);
    });
    if (name === 'chromium') await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }]);
    await page.setViewport({ width: 1280, height: 900 });
    await use(page);
    console.log(`${name}, ${scheme} (${await launched.browser.version()}): ${Math.round((Date.now() - started) / 1000)} s`);
  } catch (error) {
    check(`${name} could be driven to the end`, false, error.stack);
  } finally {
    await close();
  }
}

for (const name of names) {
  await inBrowser(name, 'light', async (page) => {
    await tryForReal(page, name);
    await tryFromDisk(page, name);
    await useKeyboard(page, name);
    await look(page, name, 'light');
  });
  await inBrowser(name, 'dark', (page) => look(page, name, 'dark'));
}
console.log(`${total.passed} passed, ${total.failed} failed`);
process.exitCode = total.failed === 0 && total.passed > 0 ? 0 : 1;
