// SPDX-License-Identifier: MIT
// Compares a real nginx, with the configuration that the playground writes for it, with corsac in
// front of the same application.
//
//   node nginx.mjs DIR URL NGINX
//
// DIR is where the page was built, URL is where the playground listens.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const [dir, url, nginx] = process.argv.slice(2);
const { loadCore } = await import(pathToFileURL(join(dir, 'src', 'core.js')));
const core = await loadCore(readFileSync(join(dir, 'core.wasm.gz')));

const policies = [
  { allow_origins: ['https://app.example'] },
  { allow_origins: ['https://app.example'], allow_methods: ['PUT', 'patch.x'], allow_headers: ['X-Token', 'Content-Type'], max_age: '600' },
  { allow_origins: ['*'] },
  { allow_origins: ['*'], allow_methods: ['*'], allow_headers: ['*'], expose_headers: ['*'] },
  { allow_origins: ['*'], allow_headers: ['*', 'Authorization'], max_age: '0' },
  { allow_origins: ['https://*.example.com', 'https://app.example:8443'], allow_credentials: true, allow_methods: ['DELETE'], expose_headers: ['X-Request-Id', 'ETag'] },
  { allow_origins: ['https://*.example.com'], allow_headers: ['X-Custom-*', 'x-token'], allow_methods: ['*'], allow_credentials: true },
  { allow_origins: ['http://localhost:*', 'http://127.0.0.1:*', 'http://[::1]:*'], allow_methods: ['PUT'] },
  { allow_origins: ['https://*'], allow_headers: ['*'] },
  { allow_origins: ['http://*:8080', 'https://*.example.com:*'] },
  { allow_origins: ['https://pr-*.example.com', 'https://*-app.example.com'], expose_headers: ['*'] },
  { allow_origins: ['null', 'capacitor://localhost', 'chrome-extension://abcdefghijklmnop'], allow_methods: ['PUT'] },
  { allow_origins: ['*'], allow_credentials: true, dangerously_allow_any_origin_with_credentials: true },
  { allow_origins: ['https://app.example'], preflight_status: '200', denied_preflight_status: '204', allow_methods: ["A!#%&'*+.^_`|~-9"] },
];

const origins = [undefined, 'https://app.example', 'https://APP.example', 'https://app.example.', 'https://app.example:443',
  'https://app.example:8443', 'http://app.example', 'https://app.example.evil.test', 'https://evil.test/https://app.example',
  'https://a.example.com', 'https://a.b.example.com', 'https://example.com', 'https://.example.com', 'https://a..example.com',
  'https://a.example.com:8443', 'https://a.example.com:443', 'https://a.example.com:80', 'https://a.example.com:65535',
  'https://a.example.com:65536', 'https://a.example.com:0', 'https://a.example.com:99999', 'https://-a.example.com', 'https://A.example.com',
  'https://evilexample.com', 'https://pr-1.example.com', 'https://pr-.example.com', 'https://pr-1.x.example.com', 'https://x-app.example.com',
  'https://-app.example.com', 'http://localhost:3000', 'http://localhost:80', 'http://localhost:443', 'http://localhost:03', 'http://localhost:', 'http://localhost', 'http://127.0.0.1:1', 'http://[::1]:5', 'http://[::1]', 'http://x:8080',
  'null', 'NULL', ' ', 'capacitor://localhost', 'chrome-extension://abcdefghijklmnop', 'https://app.example https://b.example',
  'https://user@app.example', 'https://appxexample', 'https://a_b.example.com', 'https://xn--bcher-kva.example.com'];
const methods = ['GET', 'PUT', 'put', 'PATCH', 'DELETE', 'patch.x', 'patchyx', "A!#%&'*+.^_`|~-9", 'G T', ''];
const headers = [undefined, '', 'x-token', 'X-TOKEN', 'content-type,x-token', 'content-type, x-token', ', ,x-token\t,', 'authorization',
  'x-token,authorization', 'x-custom-', 'x-custom-a,x-custom-b', 'x-customa', 'x-token x-other', 'x-token;', '*', 'x-t\u00f6ken', `x-token${',x-token'.repeat(40)}`];

// --- the application, and what is in front of it ---

const freePort = async () => {
  const probe = net.createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address();
  probe.close();
  await once(probe, 'close');
  return port;
};

// Writes headers of its own, as the playground's "generous" handler does.
const application = http.createServer((request, response) => response.writeHead(200, {
  'Access-Control-Allow-Origin': '*', 'Access-Control-Allow-Credentials': 'true', Vary: 'Accept-Encoding' }).end()).listen(0, '127.0.0.1');
await once(application, 'listening');

const agent = new http.Agent({ keepAlive: true });

// A list without letter case, order and empty elements.
const namesIn = (list) => [...new Set(list.toLowerCase().split(/[\s,]+/).filter(Boolean))].sort().join();

// What of a response is about CORS. A list that repeats what was asked may be spelled as it was.
function ask(base, method, sent) {
  return new Promise((resolve, reject) => {
    const request = http.request(base, { method, agent, headers: sent }, (response) => {
      response.resume();
      response.on('end', () => {
        const cors = {};
        for (const [name, value] of Object.entries(response.headers).sort()) {
          if (name.startsWith('access-control-')) cors[name] = name.endsWith('-headers') ? namesIn(value) : value;
        }
        resolve({ status: response.statusCode, cors, vary: namesIn(response.headers.vary ?? '') });
      });
    });
    request.on('error', reject);
    request.end();
  });
}

async function startNginx(text, folder) {
  const port = await freePort();
  const [maps, location] = text.split('# In server { … }');
  writeFileSync(join(folder, 'nginx.conf'), `daemon off;
pid ${folder}/pid;
error_log stderr;
events {}
http {
access_log off;
client_body_temp_path ${folder}/body; proxy_temp_path ${folder}/proxy; fastcgi_temp_path ${folder}/fastcgi;
uwsgi_temp_path ${folder}/uwsgi; scgi_temp_path ${folder}/scgi;
${maps}
server {
listen 127.0.0.1:${port};
${location.replace('127.0.0.1:8080', `127.0.0.1:${application.address().port}`)}
}
}
`);
  const running = spawn(nginx, ['-p', folder, '-c', join(folder, 'nginx.conf')], { stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  running.stderr.on('data', (text) => { said += text; });
  for (let i = 0; i < 100; ++i) {
    if (running.exitCode !== null) throw new Error(`nginx does not take it: ${said}`);
    try {
      await ask(`http://127.0.0.1:${port}/`, 'GET', {});
      break;
    } catch {
      await new Promise((resolve) => { setTimeout(resolve, 50); });
    }
  }
  return { base: `http://127.0.0.1:${port}/`, said: () => said, stop: async () => {
    running.kill('SIGTERM');
    await once(running, 'exit');
  } };
}

// --- the comparison ---

const question = { page: 'null', kind: 'plain', location: '', again: null, request: { url: 'https://x.example/', method: 'GET',
  credentials: 'omit', mode: 'cors', redirect: 'follow', headers: [], body: null } };
let compared = 0;
let wrong = 0;

async function compare(policy, number) {
  const judged = core.judge({ ...question, policy });
  if (judged.errors.length) throw new Error(`${JSON.stringify(policy)}: ${judged.errors[0].message}`);
  const lost = judged.copies.nginx.losses.filter(({ kind }) => kind !== 'always');
  if (lost.length) throw new Error(`${JSON.stringify(policy)}: ${JSON.stringify(lost)}`);
  const put = await fetch(`${url}/attempts/nginx-${number}`, { method: 'POST', body: JSON.stringify(policy), headers: { 'X-Playground': '1' } });
  if (!put.ok) throw new Error(await put.text());
  const corsac = `${url}/api/nginx-${number}/generous`;
  const folder = mkdtempSync(join(tmpdir(), 'corsac-nginx-'));
  const server = await startNginx(judged.copies.nginx.text, folder);
  const same = async (method, sent) => {
    for (const [name, value] of Object.entries(sent)) if (value === undefined) delete sent[name];
    const [there, here] = await Promise.all([ask(server.base, method, sent), ask(corsac, method, sent)]);
    ++compared;
    if (JSON.stringify(there) === JSON.stringify(here)) return;
    if (++wrong <= 10) console.log(`WRONG: ${JSON.stringify({ policy, method, sent, nginx: there, corsac: here })}`);
  };
  try {
    for (const origin of origins) {
      await same('GET', { Origin: origin });
      await same('OPTIONS', { Origin: origin });
      await same('OPTIONS', { Origin: origin, 'Access-Control-Request-Method': 'PUT' });
    }
    const allowed = origins.filter((origin) => origin?.trim());
    for (const method of methods) {
      for (const names of headers) {
        for (const origin of [allowed[number % allowed.length], ...policy.allow_origins.filter((one) => !one.includes('*')), 'https://a.example.com']) {
          await same('OPTIONS', { Origin: origin, 'Access-Control-Request-Method': method, 'Access-Control-Request-Headers': names });
        }
      }
    }
  } finally {
    await server.stop();
    rmSync(folder, { recursive: true });
  }
}

for (const [number, policy] of policies.entries()) await compare(policy, number);
application.close();
agent.destroy();
console.log(`nginx: ${policies.length} policies, ${compared} requests, ${wrong} answered otherwise than by corsac`);
process.exitCode = wrong === 0 && compared > 0 ? 0 : 1;
