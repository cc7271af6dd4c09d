// SPDX-License-Identifier: MIT
// A web server that answers as a case says, byte by byte, and remembers what arrived. It parses HTTP
// itself: Node's server knows only the registered methods, and browsers send others.

import { createHash } from 'node:crypto';
import { createServer } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';

// The ports that cases are written with. A lab listens elsewhere; see `real` and `named`.
const plainPorts = [9101, 9102, 9103, 9104];
const tlsPorts = [9105, 9106];

const listen = (server, port) => new Promise((resolve, reject) => {
  server.on('error', reject);
  server.listen(port, '127.0.0.1', () => resolve(server));
});

// A request is handed out once it is there as a whole; the rest of the bytes stay.
function takeRequest(buffer) {
  const end = buffer.indexOf('\r\n\r\n');
  if (end < 0) return undefined;
  const [line, ...fields] = buffer.subarray(0, end).toString('latin1').split('\r\n');
  const [method, target] = line.split(' ');
  const headers = fields.map((field) => {
    const colon = field.indexOf(':');
    return [field.slice(0, colon).toLowerCase(), field.slice(colon + 1).trim()];
  });
  const first = (name) => headers.find(([n]) => n === name)?.[1];
  let rest = buffer.subarray(end + 4);
  if (first('transfer-encoding') === 'chunked') {
    const last = rest.indexOf('0\r\n\r\n');
    if (last < 0) return undefined;
    rest = rest.subarray(last + 5);
  } else {
    const size = Number(first('content-length') ?? 0);
    if (rest.length < size) return undefined;
    rest = rest.subarray(size);
  }
  return { request: { method, target, first }, rest };
}

const pathOf = (url) => new URL(url).origin + new URL(url).pathname;

export class Lab {
  #hops = new Map();
  #served = new Map();
  #journal = new Map();
  #servers = [];
  #ports = new Map();

  // `page` and `script` are served at every path that is no case's.
  static async start({ page, script, cert, key }) {
    const lab = new Lab();
    const open = async (name, create) => {
      const server = await listen(create(), 0);
      lab.#servers.push(server);
      lab.#ports.set(name, server.address().port);
    };
    const serve = (scheme) => (socket) => lab.#converse(socket, scheme, page, script);
    for (const name of plainPorts) await open(name, () => createServer(serve('http')));
    for (const name of tlsPorts) await open(name, () => createTlsServer({ cert, key }, serve('https')));
    return lab;
  }

  // Puts the ports that are listened on in the place of those that cases are written with, and back.
  real(value) { return this.#rewrite(value, new Map(this.#ports)); }
  named(value) { return this.#rewrite(value, new Map([...this.#ports].map(([a, b]) => [b, a]))); }
  #rewrite(value, ports) {
    const pattern = new RegExp(`:(${[...ports.keys()].join('|')})(?![0-9])`, 'g');
    return JSON.parse(JSON.stringify(value).replace(pattern, (_, port) => ':' + ports.get(Number(port))));
  }

  // Serves a case, already with real ports, from now on.
  add({ id, hops }) {
    this.#journal.set(id, []);
    for (const hop of hops) this.#hops.set(pathOf(hop.url), { id, ...hop });
  }

  // What arrived for a case so far, and a null wherever one asked for `mark(id)`.
  seen(id) { return this.#journal.get(id) ?? []; }
  mark(id) { return `http://127.0.0.1:${this.#ports.get(9101)}/next-step/${id}`; }
  forget() {
    this.#served.clear();
    for (const id of this.#journal.keys()) this.#journal.set(id, []);
  }

  close() { for (const server of this.#servers) server.close(); }

  #converse(socket, scheme, page, script) {
    let pending = Buffer.alloc(0);
    socket.on('error', () => socket.destroy());
    socket.on('data', (chunk) => {
      pending = Buffer.concat([pending, chunk]);
      for (let taken; (taken = takeRequest(pending));) {
        pending = taken.rest;
        const { request } = taken;
        if (request.target === '/page.js') {
          this.#send(socket, request, { status: 200, headers: [['Content-Type', 'text/javascript']], body: script });
        } else if (request.target.startsWith('/next-step/')) {
          this.#journal.get(request.target.slice('/next-step/'.length))?.push(null);
          this.#send(socket, request, { status: 204 });
        } else if (!request.target.startsWith('/c/')) {
          this.#send(socket, request, { status: 200, body: page,
            headers: [['Content-Type', 'text/html'], ['Set-Cookie', 'lab=real; Path=/']] });
        } else {
          this.#answer(socket, scheme, request);
        }
        if (request.upgraded) {
          pending = Buffer.alloc(0);
          socket.removeAllListeners('data');
          socket.on('data', () => {});
        }
      }
    });
  }

  #answer(socket, scheme, request) {
    const { method, target, first } = request;
    const asked = method === 'OPTIONS' && first('access-control-request-method') !== undefined;
    const url = `${scheme}://${first('host')}${target}`;
    const hop = this.#hops.get(pathOf(url));
    if (!hop) return this.#send(socket, request, { status: 404, headers: [] });
    const entry = {
      kind: asked ? 'preflight' : 'actual', method, url, origin: first('origin') ?? null,
      acrm: first('access-control-request-method') ?? null,
      acrh: first('access-control-request-headers') ?? null,
    };
    if (/(^|; )lab=real/.test(first('cookie') ?? '')) entry.cookie = true;
    if (first('authorization') !== undefined) entry.authorization = true;
    if (first('content-type') !== undefined) entry.content_type = first('content-type');
    const sec = ['site', 'mode', 'dest', 'storage-access'].map((n) => first('sec-fetch-' + n) ?? '').join('|');
    if (sec !== '|||') entry.sec = sec;
    this.#journal.get(hop.id).push(entry);
    if (asked) return this.#send(socket, request, hop.preflight ?? { status: 405, headers: [] });
    // A list is for one request after the other.
    const actual = [hop.actual ??
      (first('origin') === undefined ? hop.actual_without_origin : hop.actual_with_origin)].flat();
    const n = this.#served.get(hop) ?? 0;
    this.#served.set(hop, n + 1);
    return this.#send(socket, request, actual[Math.min(n, actual.length - 1)]);
  }

  #send(socket, request, { status, headers = [], body = '' }) {
    const { method, first } = request;
    const origin = first('origin') ?? '';
    const lines = headers.map(([name, value]) => `${name}: ${value.replaceAll('{ORIGIN}', origin)}`);
    let payload = Buffer.from(method === 'HEAD' ? '' : body, 'latin1');
    if (status === 101) {
      const accept = createHash('sha1')
        .update(first('sec-websocket-key') + '258EAFA5-E914-47DA-95CA-C5AB0DC85B11').digest('base64');
      lines.push('Upgrade: websocket', 'Connection: Upgrade', `Sec-WebSocket-Accept: ${accept}`);
      payload = Buffer.from([0x81, 4, ...Buffer.from('ping')]);
      request.upgraded = true;
    } else if (status !== 204 && status !== 304) {
      lines.push(`Content-Length: ${method === 'HEAD' ? body.length : payload.length}`);
    }
    const head = [`HTTP/1.1 ${status} x`, ...lines, '', ''].join('\r\n');
    socket.write(Buffer.concat([Buffer.from(head, 'latin1'), payload]));
  }
}
