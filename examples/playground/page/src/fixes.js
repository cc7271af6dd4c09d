// SPDX-License-Identifier: MIT
// What the advice of a message comes down to: { label, policy } or { label, request }, the policy or
// the request as it is after the advice was taken. Nothing dangerous is ever offered.

const without = (policy, field, index) =>
  ({ ...policy, [field]: policy[field].filter((_, i) => i !== index) });

const replaced = (policy, field, index, items) =>
  ({ ...policy, [field]: policy[field].flatMap((item, i) => (i === index ? items : [item])) });

const added = (policy, field, entry) => ({ ...policy, [field]: [...(policy[field] ?? []), entry] });

const quoted = (items) => items.map((item) => `"${item}"`).join(', ');

// The entries that `write "a", "b"` names.
function itemsOf({ advice, text }) {
  const named = /^write ((?:"[^"]+"(?:, )?)+)(…?)/.exec(advice);
  if (!named) return null;
  if (named[2] === '') return [...named[1].matchAll(/"([^"]+)"/g)].map((match) => match[1]);
  // There are more than a message has room for.
  return text.split(/[\s,;]+/).map((item) => item.replace(/^["']+|["']+$/g, '')).filter(Boolean);
}

// An origin as browsers send it, with Punycode for what is not ASCII.
function asSent(origin) {
  try {
    const { protocol, host } = new URL(origin);
    return `${protocol}//${host}`;
  } catch {
    return null;
  }
}

function fixOfEntry(problem, policy) {
  const { field, index, text, advice, code } = problem;
  const write = (items) =>
    ({ label: `Write ${quoted(items)}`, policy: replaced(policy, field, index, items) });
  const items = itemsOf(problem);
  if (items) return write(items);
  const whole = /^(?:browsers send it as|write the network:|put a dot behind the \*:) (\S+)$/.exec(advice);
  if (whole) return write([whole[1]]);
  if (code === 'origin_host_unicode') {
    const sent = asSent(text);
    if (sent) return write([sent]);
  }
  if (advice.startsWith('write https://,')) return write([text.replace(/^http:/i, 'https:')]);
  if (code === 'any_beside_others') {
    const stay = policy[field].filter((item) => item === '*' ||
      (field === 'allow_headers' && /^authorization$/i.test(item)));
    return { label: `Keep ${quoted(stay)}`, policy: { ...policy, [field]: stay } };
  }
  const off = /^(?!leave).*\bset (\w+) = false$/.exec(advice);
  if (off) return { label: `Set ${off[1]} = false`, policy: { ...policy, [off[1]]: false } };
  return { label: 'Leave it out', policy: without(policy, field, index) };
}

// @param page  The origin that makes the request beside the policy.
export function fixOfProblem(problem, policy, page) {
  const { field, index, advice, code } = problem;
  if (index !== null && policy[field]?.[index] !== undefined) return fixOfEntry(problem, policy);
  switch (code) {
    case 'origins_empty': {
      const origin = page.includes('://') ? page : 'https://example.com';
      return { label: `Write "${origin}"`, policy: added(policy, field, origin) };
    }
    case 'any_beside_others':
      return { label: 'Keep "*"', policy: { ...policy, [field]: ['*'] } };
    case 'content_type_not_listed':
      return { label: 'Add "Content-Type"', policy: added(policy, field, 'Content-Type') };
    case 'credentials_allowed_and_refused':
      return { label: `Set ${field} = false`, policy: { ...policy, [field]: false } };
    default: break;
  }
  const number = /usually (\d+)/.exec(advice) ?? /^write (?:at most )?(\d+)/.exec(advice);
  return number && { label: `Write ${number[1]}`, policy: { ...policy, [field]: number[1] } };
}

// What would let a refused request through.
export function fixOfDecision({ explanation, missing }, policy, request) {
  if (!missing) return null;
  const { field, entry } = missing;
  const upper = /methods are case-sensitive, send ([A-Z]+)/.exec(explanation);
  if (upper) return { label: `Send ${upper[1]}`, request: { ...request, method: upper[1] } };
  if (/^access-control-/i.test(entry)) {
    const headers = request.headers.split('\n')
      .filter((line) => line.split(':')[0].trim().toLowerCase() !== entry.toLowerCase());
    return { label: `Do not send ${entry}`, request: { ...request, headers: headers.join('\n') } };
  }
  return { label: `Add "${entry}" to ${field}`, policy: added(policy, field, entry) };
}

// What would let a request through that a browser blocked, although no policy refused it.
export function fixOfStep(step, policy, request) {
  const ask = (label, more) => ({ label, request: { ...request, ...more } });
  switch (step.slice(step.indexOf(':') + 1)) {
    case 'credentials-not-true':
      return policy && { label: 'Set allow_credentials = true', policy: { ...policy, allow_credentials: true } };
    case 'wildcard-with-credentials': return ask('Send without credentials', { credentials: 'same-origin' });
    case 'same-origin': return ask('Set mode to cors', { mode: 'cors' });
    case 'error-mode': return ask('Follow redirects', { redirect: 'follow' });
    case 'body': return step.startsWith('api:') && ask('Send no body', { body: '' });
    default: return null;
  }
}
