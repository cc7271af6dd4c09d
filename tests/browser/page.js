// SPDX-License-Identifier: MIT
// Runs in the pages under test and in their frames. The drivers call runCases().

'use strict';

const withTimeout = (promise, ms) => Promise.race([
  promise,
  new Promise((_, reject) => setTimeout(() => reject(new Error('timed out')), ms)),
]);
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

// --- one request, by each of the ways a page has ---------------------------------------------------

// Header values and bodies are bytes, written as the characters U+0000 to U+00FF.
const bytes = (text) => Uint8Array.from(text, (c) => c.charCodeAt(0));

function bodyOf({ type, value, mime } = {}) {
  switch (type) {
    case 'string': return value;
    case 'urlsearchparams': return new URLSearchParams(value);
    case 'formdata': {
      const form = new FormData();
      form.append('a', value);
      return form;
    }
    case 'blob': return new Blob([bytes(value)], mime ? { type: mime } : {});
    case 'arraybuffer': return bytes(value).buffer;
    case 'stream': return new Blob([bytes(value)]).stream();
    default: return undefined;
  }
}

const blocked = (error) => ({
  verdict: error.message === 'timed out' ? 'timed out' : 'blocked', error: String(error),
});

// `throws` is the API's own refusal, before anything is sent.
async function viaFetch({ url, headers = [], body, method, credentials, mode, redirect, cache, referrerPolicy }) {
  let request;
  try {
    // Headers as an array of pairs: a Headers object would join what was appended twice.
    request = new Request(url, {
      method, credentials, mode, redirect, cache, referrerPolicy, headers, body: bodyOf(body),
      ...(body?.type === 'stream' ? { duplex: 'half' } : {}),
    });
  } catch (error) {
    return { verdict: 'throws', error: String(error) };
  }
  try {
    const response = await withTimeout(fetch(request), 20000);
    await response.text().catch(() => '');
    return {
      verdict: 'allowed',
      type: response.type,
      status: response.status,
      exposed: [...response.headers.keys()],
    };
  } catch (error) {
    return blocked(error);
  }
}

function viaXhr({ url, method = 'GET', headers = [], credentials, withCredentials, body, uploadListener }) {
  const xhr = new XMLHttpRequest();
  try {
    xhr.open(method, url);
    for (const [name, value] of headers) xhr.setRequestHeader(name, value);
  } catch (error) {
    return { verdict: 'throws', error: String(error) };
  }
  xhr.withCredentials = withCredentials ?? credentials === 'include';
  if (uploadListener) xhr.upload.onprogress = () => {};
  const names = () => xhr.getAllResponseHeaders().split('\r\n').filter(Boolean)
    .map((line) => line.slice(0, line.indexOf(':')).toLowerCase());
  return new Promise((resolve) => {
    xhr.onload = () => resolve(
      { verdict: 'allowed', type: 'xhr', status: xhr.status, exposed: names() });
    xhr.onerror = () => resolve({ verdict: 'blocked', error: 'xhr error event' });
    xhr.send(bodyOf(body));
  });
}

function viaElement(name, { crossorigin }, set) {
  const element = document.createElement(name);
  if (crossorigin) element.crossOrigin = crossorigin;
  const done = new Promise((resolve) => {
    const allowed = () => resolve({ verdict: 'allowed', type: name, status: 0, exposed: [] });
    element.onload = allowed;
    element.onloadedmetadata = allowed;
    element.onerror = () => resolve({ verdict: 'blocked', error: `${name} error event` });
  });
  set(element);
  document.documentElement.append(element);
  return done.finally(() => element.remove());
}

async function viaFont({ url }) {
  try {
    await new FontFace('labf', `url(${JSON.stringify(url)})`).load();
  } catch (error) {
    return blocked(error);
  }
  return { verdict: 'allowed', type: 'font', status: 0, exposed: [] };
}

function viaEventSource({ url, withCredentials = false }) {
  const source = new EventSource(url, { withCredentials });
  const done = new Promise((resolve) => {
    source.onopen = () => resolve({ verdict: 'allowed', type: 'eventsource', status: 0, exposed: [] });
    source.onerror = () => resolve({ verdict: 'blocked', error: 'eventsource error' });
  });
  return done.finally(() => source.close());
}

function viaWebSocket({ url }) {
  const socket = new WebSocket(url);
  const done = new Promise((resolve) => {
    socket.onopen = () => socket.send('ping');
    socket.onmessage = ({ data }) => resolve({ verdict: data === 'ping' ? 'allowed' : 'garbled' });
    socket.onerror = () => resolve({ verdict: 'blocked' });
  });
  return done.finally(() => socket.close());
}

// Nobody tells a page what became of a beacon; it is given time to arrive.
async function viaBeacon({ url, body }) {
  let queued;
  try {
    queued = navigator.sendBeacon(url, bodyOf(body));
  } catch (error) {
    return { verdict: 'throws', error: String(error) };
  }
  await pause(700);
  return queued ? { verdict: 'allowed', type: 'beacon', status: 0, exposed: [] }
    : { verdict: 'blocked', error: 'beacon not queued' };
}

// A form with one field, whose answer goes to a frame that is made for it.
async function viaForm({ url, method = 'GET', enctype, referrerPolicy }) {
  const frame = document.createElement('iframe');
  frame.name = 'form-' + Math.random();
  document.documentElement.append(frame);
  const form = document.createElement('form');
  Object.assign(form, { action: url, method, target: frame.name });
  if (enctype) form.enctype = enctype;
  if (referrerPolicy) form.rel = referrerPolicy === 'no-referrer' ? 'noreferrer' : '';
  const field = document.createElement('input');
  Object.assign(field, { name: 'a', value: 'b' });
  form.append(field);
  document.documentElement.append(form);
  const loaded = new Promise((resolve) => { frame.onload = resolve; });
  form.submit();
  await Promise.race([loaded, pause(3000)]);
  await pause(100);
  form.remove();
  frame.remove();
  return { verdict: 'allowed', type: 'form', status: 0, exposed: [] };
}

performance.setResourceTimingBufferSize(100000);

async function viaTiming(request) {
  const result = await viaFetch(request);
  await pause(100);
  const entry = performance.getEntriesByName(request.url).at(-1);
  return { ...result, type: 'timing', tao: Boolean(entry && entry.requestStart > 0) };
}

const ways = {
  fetch: viaFetch,
  xhr: viaXhr,
  timing: viaTiming,
  font: viaFont,
  eventsource: viaEventSource,
  websocket: viaWebSocket,
  beacon: viaBeacon,
  form: viaForm,
  img: (r) => viaElement('img', r, (e) => { e.src = r.url; }),
  script: (r) => viaElement('script', r, (e) => { e.src = r.url; }),
  module: (r) => viaElement('script', r, (e) => { e.type = 'module'; e.src = r.url; }),
  css: (r) => viaElement('link', r, (e) => { e.rel = 'stylesheet'; e.href = r.url; }),
  audio: (r) => viaElement('audio', r, (e) => { e.src = r.url; }),
  video: (r) => viaElement('video', r, (e) => { e.src = r.url; }),
};

const runRequest = (request) =>
  withTimeout(Promise.resolve(ways[request.via ?? 'fetch'](request)), 25000).catch(blocked);

// `mark` is where a case with several steps says that the next one begins, so that the requests which
// a server sees can be told apart.
async function runStep({ request, wait_ms: wait }, mark) {
  if (wait) await pause(wait);
  if (mark) await fetch(mark, { method: 'POST', mode: 'no-cors' }).catch(() => {});
  return runRequest(request);
}

async function runCase(test) {
  const results = [];
  for (const step of test.steps) results.push(await runStep(step, test.mark));
  return results;
}

// --- frames: one of each context, made on demand ---------------------------------------------------

// A frame says that it is there, then takes cases.
const frames = new Map();

function makeFrame(context) {
  const frame = document.createElement('iframe');
  const script = new URL('/page.js', location.href).href;
  const html = `<!doctype html><script src="${script}"></` + 'script>';
  switch (context) {
    case 'sandbox':
      frame.sandbox = 'allow-scripts allow-forms';
      frame.src = location.pathname;
      break;
    case 'data': frame.src = 'data:text/html,' + encodeURIComponent(html); break;
    case 'srcdoc': frame.srcdoc = html; break;
    case 'blob': frame.src = URL.createObjectURL(new Blob([html], { type: 'text/html' })); break;
    default: throw new Error('no such context: ' + context);
  }
  const ready = new Promise((resolve) => {
    addEventListener('message', (event) => {
      if (event.source === frame.contentWindow && event.data === 'ready') resolve(frame);
    });
  });
  document.documentElement.append(frame);
  return ready;
}

async function runInFrame(test) {
  if (!frames.has(test.context)) frames.set(test.context, makeFrame(test.context));
  const frame = await withTimeout(frames.get(test.context), 20000);
  const answered = new Promise((resolve) => {
    const listener = (event) => {
      if (event.source !== frame.contentWindow || event.data.name !== test.name) return;
      removeEventListener('message', listener);
      resolve(event.data.results);
    };
    addEventListener('message', listener);
  });
  frame.contentWindow.postMessage(test, '*');
  return withTimeout(answered, 60000);
}

if (parent !== window) {
  addEventListener('message', async ({ data, source }) => {
    if (!data.steps) return;
    source.postMessage({ name: data.name, results: await runCase(data) }, '*');
  });
  parent.postMessage('ready', '*');
}

// --- many cases -----------------------------------------------------------------------------------

// Firefox forgets the first two or three preflights that a new process of a site makes. Only then does
// it use its cache, so preflight caching is tested after a few.
async function warmUp(url) {
  for (const method of ['PUT', 'DELETE', 'PUT', 'DELETE', 'PUT', 'DELETE']) {
    await (await fetch(url, { method })).text();
  }
}

// Runs cases, a few at a time. The slow ones, which wait between steps, run beside all others.
async function runCases(cases, concurrency) {
  const results = {};
  const inPage = (test) => !['sandbox', 'data', 'srcdoc', 'blob'].includes(test.context);
  const run = async (test) => {
    try {
      results[test.name] = await (inPage(test) ? runCase(test) : runInFrame(test));
    } catch (error) {
      results[test.name] = [{ verdict: 'failed to run', error: String(error) }];
    }
  };
  const waits = (test) => test.steps.some((step) => step.wait_ms > 0);
  const queue = cases.filter((test) => !waits(test));
  const workers = cases.filter(waits).map(run);
  for (let i = 0; i < concurrency; ++i) {
    workers.push((async () => {
      while (queue.length) await run(queue.shift());
    })());
  }
  await Promise.all(workers);
  return results;
}
