// SPDX-License-Identifier: MIT
// Real requests from real pages of other origins, where the playground's server serves them.

import { $, element } from './dom.js';

// Seconds that the page really waits before it asks again.
export const longestWait = 10;

const ask = (path, body) => fetch(path, {
  method: body ? 'POST' : 'GET', body: body && JSON.stringify(body), headers: { 'X-Playground': '1' },
});

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
  frame.src = (origin === 'null' ? '' : origin) + '/frame/frame.html';
  $('frames').append(frame);
  frames.set(origin, ready);
  ready.catch(() => frames.delete(origin));
  return ready;
}

let sent = 0;

async function send(origin, request) {
  const frame = await frameOf(origin);
  const id = ++sent;
  return new Promise((resolve) => {
    const listener = ({ source, data }) => {
      if (source !== frame.contentWindow || data.id !== id) return;
      removeEventListener('message', listener);
      resolve(data.answer);
    };
    addEventListener('message', listener);
    frame.contentWindow.postMessage({ id, request }, '*');
  });
}

// Puts the policy in force for this attempt, asks, and asks again.
export async function sendForReal(attempt, policy, { page, again, request }) {
  const put = await ask(`/attempts/${attempt}`, policy);
  if (!put.ok) throw new Error((await put.json()).problem);
  const exchangesSo = async () => (await ask(`/attempts/${attempt}`)).json();
  const answer = await send(page, request);
  answer.exchanges = await exchangesSo();
  answer.again = null;
  if (again !== null && Number(again) <= longestWait) {
    await new Promise((resolve) => { setTimeout(resolve, Number(again) * 1000); });
    answer.again = await send(page, request);
    answer.again.exchanges = (await exchangesSo()).slice(answer.exchanges.length);
  }
  return answer;
}
