// SPDX-License-Identifier: MIT

const $ = (id) => document.getElementById(id);

function element(tag, properties = {}, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}

const [port, secondPort] = await (await fetch('/playground/ports')).json();
const api = `http://localhost:${port}`;

// --- the fields of a policy ----------------------------------------------------------------------

const known = await (await fetch('/playground/fields')).json();
const lists = known.lists;
const numbers = { max_age: null, ...known.statuses };
const hints = {
  reject_disallowed: 'Answers 403 to a cross-origin request whose origin is not allowed, before the handler runs.',
  refuse_credentials: 'Gives a request that carries Cookie or Authorization no CORS header at all.',
  disclose_requested_only: 'Lists in a preflight’s answer only what it asked for.',
  advertise: 'Sends the lists and leaves the verdict on method and headers to the browser.',
  forward_denied_preflights: 'Lets a refused preflight reach the application.',
  keep_existing: 'Leaves the handler’s own CORS headers in place unless the policy writes the same one.',
  allow_private_network: 'Answers Access-Control-Request-Private-Network, which no browser sends any more.',
  shadow: 'Decides, and changes no response: for trying a policy out.',
  tolerate_forbidden_names: 'Turns the error for names that no script can send into a warning.',
  is_public_suffix: 'Knows co.uk, github.io and a few others as public suffixes, not only single labels.',
  dangerously_allow_any_origin_with_credentials: 'Lets every site on the web act as the logged-in user.',
  dangerously_allow_insecure_origins_with_credentials: 'Trusts http:// pages, which anyone on the way can rewrite.',
  dangerously_allow_public_suffixes_with_credentials: 'Trusts every host right under a public suffix, such as https://*.github.io.',
  dangerously_allow_null_origin_with_credentials: 'Trusts null, the origin of every sandboxed frame of every site.',
  dangerously_allow_unproved_expressions_with_credentials: 'Trusts whom an expression lets in, although it may be a stranger. Only for policies with matchers, which this page has none of.',
};
const hinted = (names) => Object.fromEntries(names.map((name) => [name, hints[name] ?? '']));
const isDanger = (name) => name.startsWith('dangerously_');
const flags = hinted([
  ...known.switches.filter((name) => !isDanger(name) && name !== 'allow_credentials'),
  'is_public_suffix',
]);
const dangers = hinted(known.switches.filter(isDanger));
const allFlags = ['allow_credentials', ...Object.keys(flags), ...Object.keys(dangers)];

const page = `http://localhost:${secondPort}`;
const presets = {
  'One page of this playground': {
    allow_origins: [page],
    allow_methods: ['PUT'],
    allow_headers: ['X-Token'],
    expose_headers: ['X-Request-Id'],
    max_age: 600,
  },
  'Your own machine, with cookies': {
    allow_origins: ['http://localhost:*', 'http://127.0.0.1:*'],
    allow_methods: ['*'],
    allow_headers: ['*', 'Authorization'],
    allow_credentials: true,
  },
  'A site and its subdomains': {
    allow_origins: ['https://example.com', 'https://*.example.com'],
    allow_methods: ['PUT', 'DELETE'],
    allow_headers: ['Content-Type', 'Authorization'],
    allow_credentials: true,
    max_age: 3600,
  },
  'A public API': {
    allow_origins: ['*'],
    expose_headers: ['*'],
    max_age: 7200,
  },
  'What many copy, and corsac refuses': {
    allow_origins: ['*', 'https://example.com/'],
    allow_methods: ['put', 'TRACE'],
    allow_headers: ['*', 'Cookie'],
    expose_headers: ['*'],
    allow_credentials: true,
    max_age: -1,
  },
};

// A long name may break after an underscore, and nowhere else.
const breakable = (name) => name.split('_').flatMap((part, i) => (i ? ['_', element('wbr'), part] : [part]));

function addFlags(into, which) {
  for (const [name, about] of Object.entries(which)) {
    into.append(element('div', { className: 'field check' },
      element('input', { type: 'checkbox', id: name }),
      element('label', { htmlFor: name }, element('code', {}, ...breakable(name)),
        element('span', { className: 'hint', textContent: about }))));
  }
}

// The form has a place for every list and number that it was made for; others go to the end.
function addMissingFields(into) {
  for (const name of [...lists, ...Object.keys(numbers)].filter((field) => !$(field))) {
    const input = lists.includes(name) ? element('textarea', { id: name, rows: 2, spellcheck: false })
      : element('input', { type: 'number', id: name, step: 1 });
    into.append(element('div', { className: 'field' },
      element('label', { htmlFor: name }, element('code', {}, ...breakable(name))), input));
  }
}

// Every field gets a place for its problems, and says so to screen readers.
function addProblemLists() {
  for (const name of [...lists, ...Object.keys(numbers), ...allFlags]) {
    const field = $(name);
    const list = element('ul', { className: 'problems', id: `${name}-problems` });
    field.closest('.field').append(list);
    field.setAttribute('aria-describedby', list.id);
  }
}

const linesOf = (id) => $(id).value.split('\n').map((line) => line.trim());

// What is sent: empty lines are left out, but errors still find the line they are about.
function readPolicy() {
  const policy = {};
  const lineOf = {};
  for (const name of lists) {
    policy[name] = [];
    lineOf[name] = [];
    linesOf(name).forEach((text, i) => {
      if (text === '') return;
      policy[name].push(text);
      lineOf[name].push(i + 1);
    });
  }
  for (const name of Object.keys(numbers)) {
    const given = $(name).value;
    policy[name] = given === '' ? numbers[name] : Math.trunc(Number(given));
  }
  for (const name of allFlags) policy[name] = $(name).checked;
  return { policy, lineOf };
}

function writePolicy(policy) {
  for (const name of lists) {
    const items = policy[name] ?? [];
    $(name).value = items.join('\n');
    $(name).rows = Math.max(2, items.length);
  }
  for (const [name, fallback] of Object.entries(numbers)) $(name).value = policy[name] ?? fallback ?? '';
  for (const name of allFlags) $(name).checked = policy[name] ?? false;
}

function asCpp(policy) {
  const text = (s) => '"' + s.replace(/["\\]/g, '\\$&') + '"';
  const members = [];
  for (const name of lists) {
    if (policy[name].length) members.push(`.${name} = {${policy[name].map(text).join(', ')}},`);
  }
  // In the order of their declaration, as designated initialisers have to be.
  const add = (name, value) => members.push(`.${name} = ${value},`);
  if (policy.allow_credentials) add('allow_credentials', 'true');
  if (policy.max_age !== null) add('max_age', policy.max_age);
  for (const name of ['preflight_status', 'denied_preflight_status']) {
    if (policy[name] !== numbers[name]) add(name, policy[name]);
  }
  for (const name of [...Object.keys(flags), ...Object.keys(dangers)]) {
    if (policy[name] && name !== 'is_public_suffix') add(name, 'true');
  }
  if (policy.is_public_suffix) add('is_public_suffix', 'is_public_suffix');
  return `corsac::make_policy({\n${members.map((m) => `    ${m}\n`).join('')}});`;
}

// --- problems -----------------------------------------------------------------------------------

function showProblems({ errors, warnings, applied }, lineOf) {
  for (const list of document.querySelectorAll('#policy .problems')) list.replaceChildren();
  for (const name of [...lists, ...Object.keys(numbers), ...allFlags]) $(name).removeAttribute('aria-invalid');
  const show = (problem, kind) => {
    const field = $(problem.field) ?? $('allow_origins');
    const line = problem.index === null ? undefined : lineOf[problem.field]?.[problem.index];
    // The message begins with "field[index]: ", which the place says already.
    const message = problem.message.slice(problem.message.indexOf(': ') + 2);
    const [what, advice] = [message.slice(0, message.length - problem.advice.length - 2), problem.advice];
    const item = element('li', { className: kind },
      element('strong', { textContent: kind === 'error' ? 'Error' : 'Warning' }),
      line ? ` in line ${line}: ` : ': ', what, '. ',
      element('span', { className: 'advice', textContent: advice[0].toUpperCase() + advice.slice(1) + '.' }));
    $(`${field.id}-problems`).append(item);
    if (kind === 'error') {
      field.setAttribute('aria-invalid', 'true');
      const hidden = field.closest('details');
      if (hidden) hidden.open = true;
    }
  };
  for (const problem of errors) show(problem, 'error');
  for (const problem of warnings) show(problem, 'warning');
  const state = $('policy-state');
  const count = errors.length === 1 ? '1 error' : `${errors.length} errors`;
  state.className = applied ? 'state good' : 'state bad';
  state.textContent = applied ? 'in force' : `${count}; the last sound policy stays in force`;
}

// --- the request --------------------------------------------------------------------------------

const origins = [
  [page, `${page} (another port)`],
  [`http://127.0.0.1:${port}`, `http://127.0.0.1:${port} (another host)`],
  ['null', 'a sandboxed frame (origin null)'],
  [api, `${api} (the API’s own origin)`],
  ['other', 'another origin, simulated only'],
];

function readHeaders() {
  const headers = [];
  const problems = [];
  linesOf('headers').forEach((line, i) => {
    if (line === '') return;
    const colon = line.indexOf(':');
    if (colon < 1) problems.push(`Line ${i + 1}: write a name, a colon and a value.`);
    else headers.push([line.slice(0, colon).trim(), line.slice(colon + 1).trim()]);
  });
  $('headers-problems').replaceChildren(
    ...problems.map((text) => element('li', { className: 'error', textContent: text })));
  return headers;
}

function readRequest(attempt) {
  const chosen = $('origin').value;
  $('other-field').hidden = chosen !== 'other';
  return {
    page: chosen === 'other' ? $('other').value.trim() : chosen,
    real: chosen !== 'other',
    request: {
      url: `${api}/api/${attempt}/${$('kind').value}`,
      method: $('method').value.trim(),
      credentials: $('credentials').value,
      mode: $('mode').value,
      headers: readHeaders(),
      body: $('body').value || null,
    },
  };
}

// One frame for each origin, made on demand.
const frames = new Map();

function frameOf(origin) {
  if (frames.has(origin)) return frames.get(origin);
  const frame = element('iframe', { title: `A page of ${origin}` });
  const ready = new Promise((resolve, reject) => {
    addEventListener('message', ({ source, data }) => {
      if (source === frame.contentWindow && data.ready) resolve(frame);
    });
    setTimeout(() => reject(new Error(`no page could be opened on ${origin}`)), 8000);
  });
  if (origin === 'null') frame.sandbox = 'allow-scripts';
  frame.src = (origin === 'null' ? '' : origin) + '/playground/frame.html';
  $('frames').append(frame);
  frames.set(origin, ready);
  ready.catch(() => frames.delete(origin));
  return ready;
}

async function sendForReal(origin, attempt, request) {
  const frame = await frameOf(origin);
  return new Promise((resolve) => {
    const listener = ({ source, data }) => {
      if (source !== frame.contentWindow || data.id !== attempt) return;
      removeEventListener('message', listener);
      resolve(data.answer);
    };
    addEventListener('message', listener);
    frame.contentWindow.postMessage({ id: attempt, request }, '*');
  });
}

// --- the result ---------------------------------------------------------------------------------

function thisBrowser() {
  const agent = navigator.userAgent;
  for (const [pattern, name, like] of [
    [/Firefox\/(\d+)/, 'Firefox', 'firefox'],
    [/Edg\/(\d+)/, 'Edge', 'chromium'],
    [/Chrome\/(\d+)/, 'Chromium', 'chromium'],
    [/Version\/(\d+).*Safari/, 'Safari', 'standard'],
  ]) {
    const match = pattern.exec(agent);
    if (match) return { name: `${name} ${match[1]}`, like };
  }
  return { name: 'unknown', like: 'standard' };
}

const me = thisBrowser();
const words = { allowed: 'Allowed', blocked: 'Blocked', throws: 'Throws' };
const marks = { allowed: '✓', blocked: '✕', throws: '!' };

function verdictCard(title, about, answer) {
  const known = answer?.verdict;
  const card = element('li', { className: `verdict ${known ?? 'unknown'}` },
    element('h3', {}, title, element('span', { textContent: about })),
    element('p', { className: 'word' },
      element('span', { className: 'mark', textContent: marks[known] ?? '–', ariaHidden: 'true' }),
      words[known] ?? 'Not tried'));
  if (answer?.step) {
    // A line may break after the colon, and nowhere else.
    const [head, tail] = answer.step.split(':');
    const step = element('code', {}, head);
    if (tail) step.append(':', element('wbr'), tail);
    card.append(element('p', { className: 'step' }, step));
  } else if (answer?.sentence) {
    card.append(element('p', { className: 'step', textContent: answer.sentence }));
  }
  return card;
}

const isCors = (name) => /^(origin|vary|cookie|access-control-.*|sec-fetch-site)$/i.test(name);

function headerTable(caption, headers) {
  const body = element('tbody');
  const all = $('all-headers').checked;
  const shown = headers.filter(([name]) => all || isCors(name));
  for (const [name, value] of shown) {
    body.append(element('tr', { className: isCors(name) ? 'cors' : '' },
      element('th', { scope: 'row', textContent: name.toLowerCase() }),
      element('td', { textContent: value })));
  }
  if (!shown.length) {
    body.append(element('tr', {}, element('td', { colSpan: 2, className: 'hint', textContent: 'no CORS header' })));
  }
  return element('table', {}, element('caption', { textContent: caption }), body);
}

const decisionClass = (d) => (d.refuses ? 'refused' : d.allows ? 'granted' : 'neutral');

function showExchanges(exchanges, note) {
  $('decisions').replaceChildren(...exchanges.map(({ method, decision }) =>
    element('li', { className: decisionClass(decision) },
      element('span', { className: 'kind', textContent: `${decision.kind}, ${method}` }),
      element('code', { textContent: decision.outcome }),
      element('p', { textContent: decision.explanation + '.' }))));
  $('wire').replaceChildren(...exchanges.map(({ method, status, request, response, decision }, i) =>
    element('article', { className: 'exchange' },
      element('h4', {}, `${i + 1}. ${method}`, element('span', { className: 'arrow', textContent: '→' }),
        String(status), element('span', { className: 'hint', textContent: decision.kind })),
      element('div', { className: 'tables' },
        headerTable('Request', request), headerTable('Response', response)))));
  $('wire-note').textContent = exchanges.length ? note : 'Nothing was sent.';
  if (!exchanges.length) {
    $('decisions').replaceChildren(element('li', { className: 'neutral' },
      element('p', { textContent: 'It was not asked.' })));
  }
}

function showSeen(answer) {
  const seen = $('seen');
  if (answer.verdict !== 'allowed') {
    seen.replaceChildren(element('p', { textContent: answer.verdict === 'throws'
      ? 'An exception, before anything is sent.' : 'A rejected promise; neither status nor headers.' }));
    return;
  }
  const names = answer.headers ? answer.headers.map(([name]) => name) : answer.exposed;
  seen.replaceChildren(
    element('p', {}, 'A response of type ', element('code', { textContent: answer.type }),
      ' with status ', element('code', { textContent: String(answer.status) }),
      names.length ? ' and these headers:' : ' and no header.'),
    element('ul', { className: 'chips' }, ...names.map((name) =>
      element('li', {}, element('code', { textContent: name })))));
}

function showResult(judged, real) {
  const simulated = real === undefined;
  $('verdicts').replaceChildren(
    verdictCard('This browser', simulated ? 'cannot be that page' : `${me.name}, for real`, real),
    verdictCard('Chromium', 'simulated', judged.chromium),
    verdictCard('Firefox', 'simulated', judged.firefox),
    verdictCard('Fetch standard', 'simulated', judged.standard));
  const agreement = $('agreement');
  const verdicts = [judged.chromium, judged.firefox, judged.standard].map((a) => a.verdict);
  if (!simulated && real.verdict !== judged[me.like].verdict) {
    agreement.className = 'state bad';
    agreement.textContent = 'this browser and its simulation disagree';
  } else {
    const same = new Set(verdicts).size === 1;
    agreement.className = 'state good';
    agreement.textContent = same ? `all ${simulated ? 'three' : 'four'} agree` : 'browsers differ here';
  }
  const told = [['Chromium', judged.chromium], ['Firefox', judged.firefox], ['Fetch standard', judged.standard]]
    .filter(([, answer]) => answer.sentence);
  $('console').hidden = !told.length;
  $('sentences').replaceChildren(...told.flatMap(([name, { sentence }]) => [
    element('dt', { textContent: name }), element('dd', { textContent: sentence })]));
  $('stale').hidden = judged.applied;
  const summary = $('summary');
  const shown = real ?? judged.standard;
  summary.hidden = false;
  summary.className = `summary ${shown.verdict}`;
  summary.textContent = `${marks[shown.verdict]} ${words[shown.verdict]}` +
    (simulated ? ' by the standard' : ` by ${me.name}`);
  showSeen(shown);
}

// --- all together -------------------------------------------------------------------------------

const ask = (path, body) => fetch(path, {
  method: body ? 'POST' : 'GET', body: body && JSON.stringify(body), headers: { 'X-Playground': '1' },
});

let latest = 0;
let drawn = { exchanges: [], note: '' };

async function update() {
  const turn = ++latest;
  const attempt = `${turn}-${Math.random().toString(36).slice(2, 8)}`;
  const { policy, lineOf } = readPolicy();
  const { page: from, real, request } = readRequest(attempt);
  $('cpp').textContent = asCpp(policy);
  try {
    const response = await ask('/playground/judge', { policy, page: from, request });
    const judged = await response.json();
    if (turn !== latest) return;
    if (!response.ok) throw new Error(judged.problem);
    showProblems(judged, lineOf);
    const answer = real ? await sendForReal(from, attempt, request) : undefined;
    if (turn !== latest) return;
    const exchanges = real
      ? await (await ask(`/playground/exchanges/${attempt}`)).json() : judged.standard.exchanges;
    if (turn !== latest) return;
    $('failure').hidden = true;
    showResult(judged, answer);
    drawn = { exchanges, note: real ? 'What really arrived and was answered.' : 'As simulated by the standard.' };
    showExchanges(drawn.exchanges, drawn.note);
    document.body.dataset.turn = turn;
  } catch (error) {
    if (turn !== latest) return;
    $('failure').hidden = false;
    $('failure').textContent = `That did not work: ${error.message}`;
  }
}

let timer;
function updateSoon() {
  ++latest;
  clearTimeout(timer);
  timer = setTimeout(update, 250);
}

addMissingFields($('flags'));
addFlags($('flags'), flags);
addFlags($('danger-flags'), dangers);
addProblemLists();
$('preset').append(...Object.keys(presets).map((name) => element('option', { textContent: name })));
$('origin').append(...origins.map(([value, label]) => element('option', { value, textContent: label })));
$('preset').addEventListener('change', (event) => {
  event.stopPropagation();
  writePolicy(presets[$('preset').value]);
  updateSoon();
});
$('copy').addEventListener('click', async () => {
  await navigator.clipboard.writeText($('cpp').textContent);
  $('copy').textContent = 'Copied';
  setTimeout(() => { $('copy').textContent = 'Copy'; }, 1500);
});
$('all-headers').addEventListener('change', () => showExchanges(drawn.exchanges, drawn.note));
for (const form of [$('policy'), $('request')]) {
  form.addEventListener('input', updateSoon);
  form.addEventListener('change', updateSoon);
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    update();
  });
}
writePolicy(Object.values(presets)[0]);
await update();
