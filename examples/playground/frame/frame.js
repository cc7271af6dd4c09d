// SPDX-License-Identifier: MIT
// The page of another origin: sends what the playground asks for, and tells what a script gets.

'use strict';

async function send({ url, body, headers, ...rest }) {
  let request;
  try {
    request = new Request(url, { ...rest, headers, body: body ?? undefined });
  } catch (error) {
    return { verdict: 'throws', sentence: String(error) };
  }
  try {
    const response = await fetch(request, { signal: AbortSignal.timeout(8000) });
    await response.text();
    return {
      verdict: 'allowed',
      type: response.type,
      status: response.status,
      headers: [...response.headers],
    };
  } catch (error) {
    return { verdict: 'blocked', sentence: String(error) };
  }
}

addEventListener('message', async ({ data, source }) => {
  if (source !== parent || !data.request) return;
  parent.postMessage({ id: data.id, answer: await send(data.request) }, '*');
});
parent.postMessage({ ready: true }, '*');
