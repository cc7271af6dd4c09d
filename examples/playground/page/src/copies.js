// SPDX-License-Identifier: MIT
// The policy and the request in other words. What other systems are told, the core writes.

const text = (s) => '"' + s.replace(/["\\]/g, '\\$&') + '"';
const shell = (s) => `'${s.replace(/'/g, "'\\''")}'`;
const script = (s) => `'${JSON.stringify(s).slice(1, -1).replace(/\\"/g, '"').replace(/'/g, "\\'")}'`;

// @param fields  In the order of their declaration, as designated initialisers have to be.
export function asCpp(policy, fields) {
  const members = [];
  const add = (name, value) => members.push(`    .${name} = ${value},\n`);
  for (const name of fields.lists) {
    if (policy[name]?.length) add(name, `{${policy[name].map(text).join(', ')}}`);
  }
  if (policy.allow_credentials) add('allow_credentials', 'true');
  for (const name of fields.numbers) {
    // Without leading zeros, which would make it octal.
    if (policy[name] !== undefined) add(name, BigInt(policy[name]));
  }
  for (const name of fields.switches) {
    if (policy[name] && name !== 'allow_credentials') add(name, 'true');
  }
  return `corsac::make_policy({\n${members.join('')}});\n`;
}

// Each request as the browser sends it.
export function asCurl(exchanges, body) {
  return exchanges.map(({ method, url, request }) => {
    const parts = [`curl -i ${method === 'HEAD' ? '--head' : `-X ${shell(method)}`} ${shell(url)}`];
    for (const [name, value] of request) parts.push(`-H ${shell(`${name}: ${value}`)}`);
    const asks = request.some(([name]) => /^access-control-request-method$/i.test(name));
    if (body && !asks) parts.push(`--data-raw ${shell(body)}`);
    return parts.join(' \\\n    ') + '\n';
  }).join('\n');
}

export function asFetch({ url, method, credentials, mode, redirect, headers, body }) {
  const usual = { credentials: 'same-origin', mode: 'cors', redirect: 'follow', method: 'GET' };
  const members = [];
  for (const [name, value] of Object.entries({ method, mode, credentials, redirect })) {
    if (value !== usual[name]) members.push(`  ${name}: ${script(value)},\n`);
  }
  if (headers.length) {
    const pairs = headers.map(([name, value]) => `[${script(name)}, ${script(value)}]`);
    members.push(`  headers: [${pairs.join(', ')}],\n`);
  }
  if (body) members.push(`  body: ${script(body)},\n`);
  const options = members.length ? `, {\n${members.join('')}}` : '';
  return `const response = await fetch(${script(url)}${options});\n`;
}
