// SPDX-License-Identifier: MIT
// Texts to take along.

import { $, element } from './dom.js';

export async function copyText(text, button) {
  const before = button.textContent;
  let copied = true;
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // No clipboard for pages that came over plain HTTP from another machine.
    const area = element('textarea', { value: text });
    document.body.append(area);
    area.select();
    copied = document.execCommand('copy');
    area.remove();
    button.focus();
  }
  button.textContent = copied ? 'Copied' : 'Select it, and copy by hand';
  setTimeout(() => { button.textContent = before; }, 1500);
}

const losses = { narrower: 'Allows less', wider: 'Allows more', other: 'Differs', always: 'Always' };

// @param copies  Of each form its { text, losses }; nothing where there is none.
// @param lack    Why there is nothing.
export function showCopy(copies, lack) {
  const chosen = copies[$('copy-as').value];
  $('copy-text').textContent = chosen?.text || lack;
  $('copy').disabled = !chosen?.text;
  const told = chosen?.losses ?? [];
  $('losses-title').hidden = !told.length;
  $('losses').replaceChildren(...told.map(({ kind, field, text }) =>
    element('li', { className: kind === 'always' ? 'note' : 'warning' },
      element('strong', { textContent: losses[kind] }), ': ', element('code', { textContent: field }), ' ', text, '.')));
}
