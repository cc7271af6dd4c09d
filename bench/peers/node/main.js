// SPDX-License-Identifier: MIT
'use strict';

// Answers the rows of corsac's benchmark through Express's cors. Usage: node main.js ROWS.JSON

const cors = require('cors');
const fs = require('fs');
const http = require('http');

const asked = JSON.parse(fs.readFileSync(process.argv[2], 'utf8'));

// A subdomain pattern is written as an expression.
function originOf(entry) {
  if (!entry.includes('*')) return entry;
  const escaped = entry.slice('https://*.'.length).replaceAll('.', '\\.');
  return new RegExp(`^https://([a-z0-9-]+\\.)+${escaped}$`);
}

const middlewareFor = new Map();
function middlewareOf(entries) {
  const key = entries.join();
  if (!middlewareFor.has(key)) {
    middlewareFor.set(key, cors({
      origin: entries.map(originOf),
      methods: ['GET', 'HEAD', 'POST', ...asked.methods],
      allowedHeaders: asked.headers,
      exposedHeaders: asked.exposed,
      credentials: true,
      maxAge: asked.max_age,
    }));
  }
  return middlewareFor.get(key);
}

function application(request, response) {
  if (request.method === 'OPTIONS') return;
  response.setHeader('Content-Type', 'application/json');
  response.setHeader('Content-Length', '8');
  response.setHeader('Vary', 'Accept-Encoding');
}

function measure(row, way, answer) {
  const request = new http.IncomingMessage(null);
  request.method = row.method;
  request.url = '/items/7';
  for (const [name, value] of row.lines) request.headers[name.toLowerCase()] = value;
  const once = () => {
    const response = new http.ServerResponse(request);
    answer(request, response);
    return response;
  };
  const granted = once().hasHeader('Access-Control-Allow-Origin');
  const timed = (times) => {
    const start = process.cpuUsage();
    for (let i = 0; i < times; ++i) once();
    const used = process.cpuUsage(start);
    return (used.user + used.system) * 1e3 / times;
  };
  let times = 1;
  while (times < 1 << 20 && timed(times) * times < 2e7) times *= 2;
  timed(times);  // compiled by now
  const ns = Array.from({length: 7}, () => timed(times));
  console.log(JSON.stringify({row: row.name, kind: 'node', way, ns, granted}));
}

for (const row of asked.rows) {
  measure(row, 'base', application);
  const middleware = middlewareOf(row.entries);
  measure(row, 'cors', (request, response) => {
    middleware(request, response, () => application(request, response));
  });
}
