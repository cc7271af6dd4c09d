// SPDX-License-Identifier: MIT
// Everything that the page is asked, as the fragment of its address: a reload keeps it, a link
// shares it, and no server sees it.
//
// A state is { policy, paste, pick, request }. Of a policy, lists are arrays, switches are true, and
// numbers are texts; what is not there has its default.

export const usualRequest = {
  page: '', url: '', method: 'GET', credentials: 'same-origin', mode: 'cors', redirect: 'follow',
  kind: 'plain', headers: '', body: '', again: '',
};

const encode = (text) => encodeURIComponent(text).replace(/%(3A|2F|2C|20)/g,
  (escape) => ({ '%3A': ':', '%2F': '/', '%2C': ',', '%20': '+' })[escape]);
const decode = (text) => decodeURIComponent(text.replace(/\+/g, ' '));

export function writeState({ policy, paste, pick, request }) {
  const pairs = [];
  for (const [name, value] of Object.entries(policy)) {
    if (Array.isArray(value)) for (const item of value) pairs.push([name, item]);
    else if (value !== false) pairs.push([name, value === true ? '1' : value]);
  }
  if (paste !== null) {
    pairs.push(['paste', paste]);
    if (pick) pairs.push(['pick', String(pick)]);
  }
  for (const [name, usual] of Object.entries(usualRequest)) {
    if (request[name] !== usual) pairs.push([name, request[name]]);
  }
  return pairs.map(([name, value]) => `${name}=${encode(value)}`).join('&');
}

// What an address says; null if it says nothing. Names that nobody knows are left alone, so that a
// link of a newer page opens in an older one.
export function readState(fragment, fields) {
  const state = { policy: {}, paste: null, pick: 0, request: { ...usualRequest } };
  let any = false;
  for (const pair of fragment.split('&')) {
    const cut = pair.indexOf('=');
    if (cut < 1) continue;
    const name = pair.slice(0, cut);
    let value;
    try {
      value = decode(pair.slice(cut + 1));
    } catch {
      continue;  // a % that escapes nothing
    }
    any = true;
    if (fields.lists.includes(name)) (state.policy[name] ??= []).push(value);
    else if (fields.switches.includes(name)) state.policy[name] = value === '1';
    else if (fields.numbers.includes(name)) state.policy[name] = value;
    else if (name === 'paste') state.paste = value;
    else if (name === 'pick') state.pick = Number.parseInt(value, 10) || 0;
    else if (name in usualRequest) state.request[name] = value;
  }
  return any ? state : null;
}
