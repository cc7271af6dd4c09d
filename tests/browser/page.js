// SPDX-License-Identifier: MIT
// Runs in the pages under test and in their frames. The driver calls runCases().

'use strict';

function bodyOf({ kind, value }) {
  switch (kind) {
    case 'text': return value;
    case 'url_search_params': return new URLSearchParams(value);
    default: return undefined;
  }
}

const withTimeout = (promise, ms) => Promise.race([
  promise,
  new Promise((_, reject) => setTimeout(() => reject(new Error('timed out')), ms)),
]);

// What a script gets from one fetch. `throws` is the API's own refusal, before anything is sent.
async function runFetch({ url, headers, body, ...rest }) {
  let request;
  try {
    // As an array of pairs: a Headers object would join what was appended twice.
    request = new Request(url, { ...rest, headers, body: bodyOf(body) });
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
    return { verdict: error.message === 'timed out' ? 'timed out' : 'blocked', error: String(error) };
  }
}

function runSocket(url) {
  const opened = new Promise((resolve) => {
    const socket = new WebSocket(url);
    socket.onopen = () => socket.send('ping');
    socket.onmessage = (event) => {
      resolve({ verdict: event.data === 'ping' ? 'allowed' : 'garbled' });
      socket.close();
    };
    socket.onerror = () => resolve({ verdict: 'blocked' });
  });
  return withTimeout(opened, 20000).catch((error) => ({ verdict: error.message }));
}

async function runCase(test) {
  const results = [];
  for (const { fetch: options, wait_ms: wait } of test.steps) {
    if (wait) await new Promise((resolve) => setTimeout(resolve, wait));
    results.push(test.websocket ? await runSocket(options.url) : await runFetch(options));
  }
  return results;
}

// Frames: one of each context, made on demand. A frame says that it is there, then takes cases.
const frames = new Map();

function makeFrame(context) {
  const frame = document.createElement('iframe');
  const script = new URL('/page.js', location.href).href;
  const html = `<!doctype html><script src="${script}"></` + 'script>';
  switch (context) {
    case 'sandbox':
      frame.sandbox = 'allow-scripts';
      frame.src = '/page';
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
  const run = async (test) => {
    try {
      results[test.name] = await (test.context === 'page' ? runCase(test) : runInFrame(test));
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
