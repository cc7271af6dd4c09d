// SPDX-License-Identifier: MIT
// The form that edits a policy, and the messages beside its fields.

import { $, breakable, element, linesOf, readable } from './dom.js';

const hints = {
  reject_disallowed: 'Answers 403 to a cross-origin request whose origin is not allowed, before the handler runs.',
  reject_cross_origin_writes: 'Answers 403 to a POST, PUT or DELETE from an origin that is not listed: protection against forged requests.',
  refuse_credentials: 'Gives a request that carries Cookie or Authorization no CORS header at all.',
  disclose_requested_only: 'Lists in a preflight’s answer only what it asked for.',
  advertise: 'Sends the lists and leaves the verdict on method and headers to the browser.',
  forward_denied_preflights: 'Lets a refused preflight reach the application.',
  keep_existing: 'Leaves the handler’s own CORS headers in place unless the policy writes the same one.',
  allow_private_network: 'Answers Access-Control-Request-Private-Network, which no browser sends any more.',
  shadow: 'Decides, and changes no response: for trying a policy out.',
  tolerate_forbidden_names: 'Turns the error for names that no script can send into a warning.',
  dangerously_allow_any_origin_with_credentials: 'Lets every site on the web act as the logged-in user.',
  dangerously_allow_insecure_origins_with_credentials: 'Trusts http:// pages, which anyone on the way can rewrite.',
  dangerously_allow_public_suffixes_with_credentials: 'Trusts every host right under a public suffix, such as https://*.github.io.',
  dangerously_allow_null_origin_with_credentials: 'Trusts null, the origin of every sandboxed frame of every site.',
  dangerously_allow_unproved_expressions_with_credentials: 'Trusts whom an expression lets in, although it may be a stranger. Only pasted policies have expressions.',
};

// The fields as the core has them, in the order of their declaration.
export function describeFields({ lists, switches, statuses }) {
  return {
    lists,
    switches,
    numbers: ['max_age', ...Object.keys(statuses)],
    usual: { max_age: '', ...Object.fromEntries(Object.entries(statuses).map(([k, v]) => [k, String(v)])) },
  };
}

const isDanger = (name) => name.startsWith('dangerously_');

function addFlags(into, names) {
  for (const name of names) {
    into.append(element('div', { className: 'field check' },
      element('input', { type: 'checkbox', id: name }),
      element('label', { htmlFor: name }, element('code', {}, ...breakable(name)),
        element('span', { className: 'hint', textContent: hints[name] ?? '' }))));
  }
}

// The form has a place for every list and number that it was made for; others go to the end.
function addMissingFields(into, { lists, numbers }) {
  for (const name of [...lists, ...numbers].filter((field) => !$(field))) {
    const input = lists.includes(name) ? element('textarea', { id: name, rows: 2, spellcheck: false })
      : element('input', { id: name, inputMode: 'numeric' });
    into.append(element('div', { className: 'field' },
      element('label', { htmlFor: name }, element('code', {}, ...breakable(name))), input));
  }
}

export class PolicyForm {
  // @param onFix  Called with what a message's advice comes down to.
  constructor(fields, onFix) {
    this.fields = fields;
    this.onFix = onFix;
    this.all = [...fields.lists, ...fields.numbers, ...fields.switches];
    addMissingFields($('flags'), fields);
    addFlags($('flags'), fields.switches.filter((name) => !isDanger(name) && name !== 'allow_credentials'));
    addFlags($('danger-flags'), fields.switches.filter(isDanger));
    for (const name of this.all) {
      // Every field gets a place for its problems, and says so to screen readers.
      const list = element('ul', { className: 'problems', id: `${name}-problems` });
      $(name).closest('.field').append(list);
      $(name).setAttribute('aria-describedby', list.id);
    }
  }

  // The policy as it is written: lists without empty lines, numbers as texts, nothing that has its
  // default.
  read() {
    const policy = {};
    this.lineOf = {};
    for (const name of this.fields.lists) {
      const lines = linesOf(name).map((text, i) => [text, i + 1]).filter(([text]) => text !== '');
      this.lineOf[name] = lines.map(([, line]) => line);
      if (lines.length) policy[name] = lines.map(([text]) => text);
    }
    for (const name of this.fields.numbers) {
      const text = $(name).value.trim();
      if (text !== '' && text !== this.fields.usual[name]) policy[name] = text;
    }
    for (const name of this.fields.switches) if ($(name).checked) policy[name] = true;
    return policy;
  }

  write(policy) {
    for (const name of this.fields.lists) {
      const items = policy[name] ?? [];
      $(name).value = items.join('\n');
      $(name).rows = Math.min(12, Math.max(2, items.length));
    }
    for (const name of this.fields.numbers) $(name).value = policy[name] ?? this.fields.usual[name];
    for (const name of this.fields.switches) $(name).checked = policy[name] ?? false;
  }

  // @param fixOf  What a problem's advice comes down to, or nothing.
  show({ errors, warnings }, fixOf) {
    for (const name of this.all) {
      $(`${name}-problems`).replaceChildren();
      $(name).removeAttribute('aria-invalid');
    }
    for (const [kind, problems] of [['error', errors], ['warning', warnings]]) {
      for (const problem of problems) {
        const field = $(problem.field) ?? $('allow_origins');
        const line = problem.index === null ? undefined : this.lineOf[problem.field]?.[problem.index];
        $(`${field.id}-problems`).append(problemItem(kind, problem, line, fixOf(problem), (fix) => {
          this.onFix(fix);
          field.focus();  // the button is gone
        }));
        if (kind !== 'error') continue;
        field.setAttribute('aria-invalid', 'true');
        const hidden = field.closest('details');
        if (hidden) hidden.open = true;
      }
    }
  }
}

export function fixButton(fix, apply) {
  const button = element('button', { type: 'button', className: 'fix' }, ...readable(fix.label));
  button.addEventListener('click', () => apply(fix));
  return button;
}

export function problemItem(kind, problem, line, fix, apply) {
  // The message begins with "field[index]: ", which the place says already.
  const message = problem.message.slice(problem.message.indexOf(': ') + 2);
  const what = message.slice(0, message.length - problem.advice.length - 2);
  const advice = problem.advice[0].toUpperCase() + problem.advice.slice(1);
  const item = element('li', { className: kind },
    element('strong', { textContent: kind === 'error' ? 'Error' : 'Warning' }),
    line ? ` in line ${line}: ` : ': ', ...readable(`${what}. `),
    element('span', { className: 'advice' }, ...readable(`${advice}.`)));
  if (fix) item.append(' ', fixButton(fix, apply));
  return item;
}

// What is no number cannot be handed to the core; told in the shape of its errors. The numbers that
// are none are taken out of the policy.
export function takeOutBadNumbers(policy, { numbers, usual }) {
  const errors = [];
  const sound = { ...policy };
  for (const name of numbers) {
    const text = policy[name];
    // The digits that fit in the core's numbers.
    const digits = name === 'max_age' ? 18 : 9;
    if (text === undefined || new RegExp(`^-?\\d{1,${digits}}$`).test(text)) continue;
    const number = Number(text);
    const nearest = Math.min(86400, Math.max(0, Math.trunc(number)));
    const [what, advice] = Number.isNaN(number) ? ['is no number', usual[name] || 600]
      : Math.abs(number) >= 10 ** digits ? ['is out of range', usual[name] || nearest]
        : ['is not written as a whole number', usual[name] || nearest];
    errors.push({ code: 'number_malformed', field: name, index: null, text, advice: `write ${advice}`,
      message: `${name}: "${text}" ${what}; write ${advice}` });
    delete sound[name];
  }
  return { errors, sound };
}
