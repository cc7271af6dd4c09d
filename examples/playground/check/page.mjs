// SPDX-License-Identifier: MIT
// The playground's page in a browser: to act on it, and to read what it shows.

import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

export const total = { passed: 0, failed: 0 };

export function check(what, good, detail = '') {
  total[good ? 'passed' : 'failed']++;
  if (!good) console.log(`WRONG: ${what} ${typeof detail === 'string' ? detail : JSON.stringify(detail)}`.slice(0, 3000));
}

// Does something to the page and waits until it has drawn the result of it.
export async function settled(page, act) {
  const before = await page.evaluate(() => Number(document.body.dataset.turn ?? 0));
  await act();
  await page.waitForFunction((turn) => Number(document.body.dataset.turn ?? 0) > turn &&
    document.getElementById('result').ariaBusy === 'false', { timeout: 20000 }, before);
}

const drawn = (page) => page.waitForFunction(() => document.body.dataset.turn, { timeout: 20000 });

// A page of its own for an address, which the last one's would only navigate within.
export async function open(page, address) {
  await page.goto('about:blank');
  await page.goto(address);
  await drawn(page);
}

export async function reload(page) {
  await page.reload();
  await drawn(page);
}

export const fill = (page, id, value) => settled(page, () => page.evaluate((name, text) => {
  const field = document.getElementById(name);
  if (['checkbox', 'radio'].includes(field.type)) field.checked = text;
  else field.value = text;
  field.dispatchEvent(new Event('input', { bubbles: true }));
  field.dispatchEvent(new Event('change', { bubbles: true }));
}, id, value));

// Clicks the first of what a selector finds.
export const click = (page, selector) => settled(page, () => page.evaluate((where) =>
  document.querySelector(where).click(), selector));

export const copied = (page, form) => page.evaluate((name) => {
  const select = document.getElementById('copy-as');
  select.value = name;
  select.dispatchEvent(new Event('change', { bubbles: true }));
  return document.getElementById('copy-text').textContent;
}, form);

export const read = (page) => page.evaluate(() => {
  const texts = (selector) => [...document.querySelectorAll(selector)]
    .filter((e) => e.checkVisibility()).map((e) => e.textContent);
  return {
    verdicts: [...document.querySelectorAll('.verdict')].map((v) => v.className.replace('verdict ', '')),
    steps: [...document.querySelectorAll('.verdict')].map((v) => v.querySelector('.step code')?.textContent ?? ''),
    decisions: texts('#decisions li code'),
    explained: texts('#decisions li p'),
    seen: texts('#seen li'),
    times: texts('#times dd'),
    problems: texts('#policy .problems li'),
    fixes: texts('button.fix'),
    losses: texts('#losses li'),
    exchanges: texts('.exchange h4'),
    rows: texts('.exchange tr'),
    state: document.getElementById('policy-state').textContent,
    agreement: document.getElementById('agreement').textContent,
    failure: texts('#failure').join(),
    hash: location.hash,
  };
});

// What a list of verdicts has to be: all of them the same.
export const every = (verdicts, count, wanted) =>
  verdicts.length === count && verdicts.every((one) => one === wanted);

// --- what is right whatever is shown ---

export async function checkAccessible(page, what) {
  if (!await page.evaluate(() => 'axe' in globalThis)) await page.evaluate(axe);
  const violations = await page.evaluate(async () => {
    const { violations: found } = await globalThis.axe.run(document, {
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
    });
    return found.map(({ id, nodes }) => `${id}: ${nodes.slice(0, 3).map((n) => `${n.html.slice(0, 150)} ${n.any[0]?.message ?? ''}`).join('; ')}`);
  });
  check(`${what}: no accessibility violation`, violations.length === 0, violations);
}

// Nothing is cut off, and no word is broken but where its punctuation lets it.
export async function checkLayout(page, what) {
  const { overflow, broken } = await page.evaluate(() => {
    const found = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      if (!node.parentElement.checkVisibility() || node.parentElement.closest('pre, option, .hidden-text')) continue;
      // What is longer is no word of a language.
      for (const { 0: word, index } of node.data.matchAll(/(?<![\p{L}\p{N}])[\p{L}\p{N}]{2,24}(?![\p{L}\p{N}])/gu)) {
        const range = document.createRange();
        range.setStart(node, index);
        range.setEnd(node, index + word.length);
        if (new Set([...range.getClientRects()].map((r) => Math.round(r.top))).size > 1) found.push(word);
      }
    }
    return { overflow: document.documentElement.scrollWidth - innerWidth, broken: found };
  });
  check(`${what}: nothing is cut off`, overflow <= 0, `${overflow} pixels too wide`);
  check(`${what}: no word is broken`, broken.length === 0, broken);
}

// --- the keyboard ---

// Presses Tab, or Shift and Tab, until a control has the focus. Never leaves the page: where that leads
// is the browser's.
export async function tabTo(page, selector) {
  const isBefore = await page.evaluate((where) => Boolean(document.activeElement
    .compareDocumentPosition(document.querySelector(where)) & Node.DOCUMENT_POSITION_PRECEDING), selector);
  if (isBefore) await page.keyboard.down('Shift');
  let there = false;
  for (let i = 0; i < 100 && !there; ++i) {
    await page.keyboard.press('Tab');
    there = await page.evaluate((where) => document.activeElement.matches(where), selector);
  }
  if (isBefore) await page.keyboard.up('Shift');
  if (!there) throw new Error(`the Tab key does not lead to ${selector}`);
}

export async function type(page, selector, text) {
  await tabTo(page, selector);
  await page.keyboard.down('Control');
  await page.keyboard.press('a');
  await page.keyboard.up('Control');
  await settled(page, () => page.keyboard.type(text));
}
