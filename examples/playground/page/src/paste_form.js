// SPDX-License-Identifier: MIT
// What is said about pasted text.

import { $, element, readable } from './dom.js';
import { problemItem } from './policy_form.js';

const item = (kind, ...said) => element('li', { className: kind },
  element('strong', { textContent: kind === 'error' ? 'Error' : 'Warning' }), ...said);

// @param problem  Why the text was not understood; nothing if it was.
// @param pick     Which of its policies is asked.
// @return         { wrong, options }: the picked policy as a form has it, if a form can say it.
export function showPaste({ problems = [], policies = [], errors = [], warnings = [], standard }, problem, pick) {
  const said = problems.map(({ error, object, path, message }) => item(error ? 'error' : 'warning',
    ...readable(` in ${[object, path].filter(Boolean).join(', ') || 'it'}: ${message}.`)));
  said.push(...errors.map((one) => problemItem('error', one)), ...warnings.map((one) => problemItem('warning', one)));
  if (problem) said.push(item('error', `: ${problem}`));
  const wrong = said.some((one) => one.className === 'error');
  if (!said.length && !standard) said.push(item('warning', ': no CORS policy is in it, or none is switched on.'));
  $('paste-problems').replaceChildren(...said);
  $('pick-field').hidden = policies.length < 2;
  $('pick').replaceChildren(...policies.map(({ name }, i) => element('option', { value: i, textContent: name })));
  $('pick').value = String(pick);
  const options = policies[pick]?.options ?? null;
  $('edit').hidden = !options;
  return { wrong, options };
}
