// SPDX-License-Identifier: MIT
// Who asks whom: names that are examples, or this machine's ports, where the playground's server
// listens.

const imagined = {
  pages: [
    ['https://app.example', 'https://app.example, another site'],
    ['https://shop.example.com', 'https://shop.example.com, a subdomain'],
    ['http://localhost:3000', 'http://localhost:3000, a developer’s machine'],
    ['null', 'a sandboxed frame (origin null)'],
    ['https://api.example', 'https://api.example, the API’s own origin'],
  ],
  api: 'https://api.example/items',
  elsewhere: 'https://cdn.example',
};

// @param server  { port, secondPort }, or nothing.
export function worldOf(server) {
  if (!server) return imagined;
  const own = `http://localhost:${server.port}`;
  const page = `http://localhost:${server.secondPort}`;
  const host = `http://127.0.0.1:${server.port}`;
  return {
    pages: [
      [page, `${page} (another port)`],
      [host, `${host} (another host)`],
      ['null', 'a sandboxed frame (origin null)'],
      [own, `${own} (the API’s own origin)`],
    ],
    api: `${own}/api`,
    elsewhere: `http://127.0.0.1:${server.secondPort}`,
    port: server.port,
  };
}

// @param page  The page that asks unless another is chosen.
export const presetsFor = (page) => ({
  'One page': {
    allow_origins: [page],
    allow_methods: ['PUT'],
    allow_headers: ['Content-Type', 'X-Token'],
    expose_headers: ['X-Request-Id'],
    max_age: '600',
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
    max_age: '3600',
  },
  'A public API': {
    allow_origins: ['*'],
    expose_headers: ['*'],
    max_age: '7200',
  },
  'What many copy, and corsac refuses': {
    allow_origins: ['*', 'https://example.com/'],
    allow_methods: ['put', 'TRACE'],
    allow_headers: ['*', 'Cookie'],
    expose_headers: ['*'],
    allow_credentials: true,
    max_age: '-1',
  },
});
