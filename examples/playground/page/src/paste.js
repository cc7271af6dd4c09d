// SPDX-License-Identifier: MIT
// What pasted text is: responses, or documents that hold another system's CORS settings.

import { loadAll } from 'js-yaml';

const objects = new Set(['Gateway', 'HTTPRoute', 'TrafficPolicy', 'GlooTrafficPolicy', 'Namespace', 'List']);

// `HTTP/1.1 204 No Content` and header lines, as curl -i or -v or a browser shows them. The first of
// two answers preflights, the last one all else.
function readResponses(text) {
  const responses = [];
  for (const written of text.split('\n')) {
    const line = written.replace(/^[<>*] ?/, '').trim();
    if (written.startsWith('>')) continue;  // what curl -v sent
    const status = /^HTTP\/[\d.]+ (\d{3})/.exec(line);
    if (status) responses.push({ status: Number(status[1]), headers: [] });
    const header = /^([!#$%&'*+.^_`|~\w-]+):\s*(.*)$/.exec(line);
    if (!header) continue;
    if (!responses.length) responses.push({ status: 200, headers: [] });
    responses.at(-1).headers.push([header[1], header[2]]);
  }
  return { preflight: responses[0], other: responses.at(-1) };
}

// A filter alone, as it stands in a route, becomes a route.
const routeOf = (cors) => ({
  apiVersion: 'gateway.networking.k8s.io/v1',
  kind: 'HTTPRoute',
  metadata: { name: 'pasted' },
  spec: { rules: [{ filters: [{ type: 'CORS', cors }] }] },
});

// Finds settings wherever they stand in a document.
function collect(node, path, found) {
  if (node === null || typeof node !== 'object') return;
  const add = (system, value) => found.push({ system, name: path || system, value });
  const has = (...names) => names.some((name) => name in node);
  if (Array.isArray(node) && node.some((item) => item && typeof item === 'object' && 'AllowedOrigins' in item)) {
    return add('s3', node);
  }
  if (/\.CorsPolicy$/.test(node['@type'] ?? '') || has('allow_origin_string_match', 'allowOriginStringMatch')) {
    return add('envoy', node);
  }
  if (has('nginx.ingress.kubernetes.io/enable-cors')) return add('ingress-nginx', node);
  if (has('allowOriginRegex') || (has('allowOrigin') && has('disableForRoute'))) return add('gloo', node);
  if (Array.isArray(node.allowOrigins)) {
    const strings = node.allowOrigins.every((item) => typeof item === 'string');
    return strings ? add('gateway', [routeOf(node)]) : add('istio', node);
  }
  for (const [key, value] of Object.entries(node)) {
    if (key === 'corsPolicy') add('istio', value);
    else collect(value, path ? `${path}.${key}` : key, found);
  }
}

// Values that a text is read as at most; aliases of YAML make many of few.
const mostValues = 100000;

function countValues(node, budget) {
  if (budget.left-- <= 0 || node === null || typeof node !== 'object') return;
  for (const value of Object.values(node)) countValues(value, budget);
}

// { pasted } for the core to judge, or { problem }.
export function readPaste(text) {
  if (text.trim() === '') return { problem: 'Paste something first.' };
  if (/^(?:< ?)?(?:HTTP\/[\d.]+ \d{3}|access-control-[\w-]+:|vary:)/im.test(text)) {
    return { pasted: readResponses(text) };
  }
  let documents;
  try {
    documents = loadAll(text).filter((one) => one !== null && one !== undefined);
  } catch (error) {
    const where = error.mark ? ` in line ${error.mark.line + 1}` : '';
    return { problem: `This is neither YAML nor JSON${where}: ${error.reason ?? error.message}.` };
  }
  const budget = { left: mostValues };
  countValues(documents, budget);
  if (budget.left <= 0) return { problem: 'This is too much: paste the part that has the CORS settings.' };
  const manifests = documents.filter((one) => objects.has(one?.kind));
  const parts = [];
  if (manifests.length) parts.push({ system: 'gateway', name: 'manifests', value: manifests });
  for (const one of documents) if (!manifests.includes(one)) collect(one, '', parts);
  if (!parts.length) {
    return { problem: 'No CORS settings were found in it. Known are HTTPRoute, TrafficPolicy, Envoy’s ' +
      'CorsPolicy, Istio’s corsPolicy, Gloo’s cors, annotations of ingress-nginx, CORS rules of S3, and ' +
      'the headers of responses.' };
  }
  return { pasted: { parts } };
}
