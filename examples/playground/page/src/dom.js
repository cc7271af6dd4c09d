// SPDX-License-Identifier: MIT

export const $ = (id) => document.getElementById(id);

export function element(tag, properties = {}, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}

// Draws lists anew; a button in one that had the focus has it afterwards, too.
export function keepingFocus(draw) {
  const held = document.activeElement;
  const list = held.closest('ul, ol');
  draw();
  if (!list || held.isConnected) return;
  [...list.querySelectorAll('button')].find((one) => one.textContent === held.textContent)?.focus();
}

// A text whose long words may break after punctuation, and nowhere else.
export const breakable = (text) => text.split(/(?<=[_/.:,=&-])(?=\w{2})/)
  .flatMap((part, i) => (i ? [element('wbr'), part] : [part]));

export const linesOf = (id) => $(id).value.split('\n').map((line) => line.trim());

// A text for a message: what is too long to read is cut out of its middle.
export function shorten(text, most = 120) {
  const longest = new RegExp(`\\S{${most + 1},}`, 'gu');
  return text.replace(longest, (word) => {
    const characters = [...word];
    return `${characters.slice(0, 60).join('')} … ${characters.slice(-20).join('')} ` +
      `(${characters.length.toLocaleString('en')} characters)`;
  });
}

// A text for a message, in both ways fit to be read.
export const readable = (text, most) => breakable(shorten(text, most));
