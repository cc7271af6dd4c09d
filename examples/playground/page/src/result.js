// SPDX-License-Identifier: MIT
// What came of a request: verdicts, decisions, and what went over the wire.

import { $, breakable, element, readable } from './dom.js';
import { fixButton } from './policy_form.js';

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
const simulations = [['Chromium', 'chromium'], ['Firefox', 'firefox'], ['Fetch standard', 'standard']];

const seconds = (n) => (Number(n) === 1 ? '1 second' : `${Number(n).toLocaleString('en')} seconds`);

function verdictCard(title, about, answer) {
  const known = answer?.verdict;
  const card = element('li', { className: `verdict ${known ?? 'unknown'}` },
    element('h3', {}, title, element('span', { textContent: about })),
    element('p', { className: 'word' },
      element('span', { className: 'mark', textContent: marks[known] ?? '–', ariaHidden: 'true' }),
      words[known] ?? 'Not tried'));
  if (answer?.step) {
    card.append(element('p', { className: 'step' }, element('code', {}, ...breakable(answer.step))));
  } else if (answer?.sentence) {
    card.append(element('p', { className: 'step' }, ...readable(answer.sentence)));
  }
  return card;
}

const isCors = (name) => /^(origin|vary|cookie|access-control-.*|sec-fetch-site|location)$/i.test(name);

function headerTable(caption, headers) {
  const body = element('tbody');
  const all = $('all-headers').checked;
  const shown = headers.filter(([name]) => all || isCors(name));
  for (const [name, value] of shown) {
    body.append(element('tr', { className: isCors(name) ? 'cors' : '' },
      element('th', { scope: 'row' }, ...readable(name.toLowerCase())),
      element('td', {}, ...readable(value, 400))));
  }
  if (!shown.length) {
    body.append(element('tr', {}, element('td', { colSpan: 2, className: 'hint', textContent: 'no CORS header' })));
  }
  return element('table', {}, element('caption', { textContent: caption }), body);
}

const asksPermission = ({ method, request }) => method === 'OPTIONS' &&
  request.some(([name]) => /^access-control-request-method$/i.test(name));

function kindOf(exchange) {
  if (exchange.decision) return exchange.decision.kind;
  return asksPermission(exchange) ? 'preflight' : '';
}

const decisionClass = (d) => (d.refuses ? 'refused' : d.allows ? 'granted' : 'neutral');

function showDecisions(answer, fixOf, onFix) {
  const exchanges = [...answer.exchanges, ...(answer.again?.exchanges ?? [])];
  const decided = exchanges.filter(({ decision }) => decision);
  $('decisions').replaceChildren(...decided.map((exchange) => {
    const { method, decision } = exchange;
    const later = answer.exchanges.includes(exchange) ? '' : ', later';
    const item = element('li', { className: decisionClass(decision) },
      element('span', { className: 'kind', textContent: `${decision.kind}, ${method}${later}` }),
      element('code', {}, ...breakable(decision.outcome)),
      element('p', {}, ...readable(`${decision.explanation}.`)));
    const fix = fixOf(decision);
    if (fix) item.append(fixButton(fix, onFix));
    return item;
  }));
  if (decided.length) return;
  $('decisions').replaceChildren(element('li', { className: 'neutral' }, element('p', {
    textContent: exchanges.length ? 'It was not asked: the responses are as they were pasted.' : 'It was not asked.',
  })));
}

function showWire(answer, note) {
  const rounds = [answer.exchanges, answer.again?.exchanges ?? []];
  let number = 0;
  $('wire').replaceChildren(...rounds.flatMap((exchanges, round) => exchanges.map((exchange) =>
    element('article', { className: 'exchange' },
      element('h4', {}, `${++number}. ${exchange.method}`,
        element('span', { className: 'arrow', textContent: '→' }), String(exchange.status),
        element('span', { className: 'hint', textContent: [kindOf(exchange), round ? 'later' : '']
          .filter(Boolean).join(', ') })),
      element('p', { className: 'hint url' }, ...readable(exchange.url, 400)),
      element('div', { className: 'tables' },
        headerTable('Request', exchange.request), headerTable('Response', exchange.response))))));
  $('wire-note').textContent = number ? note : 'Nothing was sent.';
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

// How long a browser remembers, and what it does when the time has passed.
function timeSentence(answer, again) {
  const parts = [];
  if (answer.remembers === 0) parts.push('Does not remember the preflight.');
  else if (answer.remembers) parts.push(`Remembers the preflight for ${seconds(answer.remembers)}.`);
  if (answer.again) {
    const asked = answer.exchanges.some(asksPermission), asks = answer.again.exchanges.some(asksPermission);
    const how = answer.again.verdict !== 'allowed' ? `${words[answer.again.verdict].toLowerCase()}`
      : asks ? 'asks first, with another preflight' : asked ? 'sends without asking' : 'needs no preflight';
    parts.push(`${seconds(again)} later: ${how}.`);
  }
  return parts.join(' ');
}

function showTime(judged, real, again) {
  const told = simulations.map(([name, key]) => [name, timeSentence(judged[key], again)]);
  if (real?.again) told.unshift([`${me.name}, for real`, timeSentence(real, again)]);
  const said = told.filter(([, sentence]) => sentence !== '');
  $('time').hidden = !said.length;
  $('times').replaceChildren(...said.flatMap(([name, sentence]) => [
    element('dt', { textContent: name }), element('dd', { textContent: sentence })]));
}

function agreementOf(judged, real) {
  const asks = (answer) => [answer, answer.again].map((one) => one &&
    [one.verdict, one.exchanges.some(asksPermission)].join());
  const likes = real && judged[me.like];
  const later = real?.again && likes.again;
  if (real && (real.verdict !== likes.verdict || (later && asks(real)[1] !== asks(likes)[1]))) {
    return ['bad', 'this browser and its simulation disagree'];
  }
  const same = new Set(simulations.map(([, key]) => judged[key].verdict)).size === 1;
  return ['good', same ? `all ${real ? 'four' : 'three'} agree` : 'browsers differ here'];
}

// @param judged  The core's answer, with verdicts in it.
// @param real    { answer, reason }: what this browser really did, or why it was not tried.
// @param fixes   { ofDecision, ofStep }: what would let the request through.
export function showResult(judged, real, again, fixes, onFix) {
  const { answer } = real;
  $('verdicts').replaceChildren(
    ...(real.possible ? [verdictCard('This browser', answer ? `${me.name}, for real` : real.reason, answer)] : []),
    ...simulations.map(([name, key]) => verdictCard(name, 'simulated', judged[key])));
  $('verdicts').classList.toggle('three', !real.possible);
  const [tone, agreement] = agreementOf(judged, answer);
  $('agreement').className = `state ${tone}`;
  $('agreement').textContent = agreement;
  const told = simulations.filter(([, key]) => judged[key].sentence);
  $('console').hidden = !told.length;
  $('sentences').replaceChildren(...told.flatMap(([name, key]) => [
    element('dt', { textContent: name }), element('dd', {}, ...readable(judged[key].sentence))]));
  const fix = fixes.ofStep(judged.standard.step);
  $('console-fix').replaceChildren(...(fix ? [element('li', {}, fixButton(fix, onFix))] : []));
  const shown = answer ?? judged.standard;
  const summary = $('summary');
  summary.hidden = false;
  summary.className = `summary ${shown.verdict}`;
  summary.textContent = `${marks[shown.verdict]} ${words[shown.verdict]} ${answer ? `by ${me.name}` : 'by the standard'}`;
  showSeen(shown);
  showTime(judged, answer, again);
  showDecisions(shown, fixes.ofDecision, onFix);
  const draw = () => showWire(shown, answer ? 'What really arrived and was answered.' : 'As simulated by the standard.');
  draw();
  $('all-headers').onchange = draw;
}
