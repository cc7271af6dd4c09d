// SPDX-License-Identifier: MIT
// The form that describes a request, and the page that makes it.

import { $, element, linesOf } from './dom.js';
import { usualRequest } from './state.js';

const plain = ['method', 'credentials', 'mode', 'redirect', 'kind', 'headers', 'body', 'again'];

export class RequestForm {
  // @param world  { pages: [[origin, label]…], api, elsewhere }: who may ask, what is asked, and
  //               where its redirects to another origin lead.
  constructor(world) {
    this.world = world;
    $('origin').append(...[...world.pages, ['other', 'another origin']].map(([value, label]) =>
      element('option', { value, textContent: label })));
  }

  write(request) {
    const page = request.page || this.world.pages[0][0];
    const known = this.world.pages.some(([origin]) => origin === page);
    $('origin').value = known ? page : 'other';
    if (!known) $('other').value = page;
    $('url').value = request.url || this.world.api;
    for (const name of plain) $(name).value = request[name];
    // An address may say what no option does.
    for (const name of ['credentials', 'mode', 'redirect', 'kind']) {
      if ($(name).selectedIndex < 0) $(name).value = usualRequest[name];
    }
    $('other-field').hidden = known;
  }

  read() {
    $('other-field').hidden = $('origin').value !== 'other';
    const request = { ...usualRequest };
    for (const name of plain) request[name] = $(name).value;
    request.method = request.method.trim();
    const page = this.page();
    request.page = page === this.world.pages[0][0] ? '' : page;
    const url = $('url').value.trim();
    request.url = url === this.world.api ? '' : url;
    return request;
  }

  page() {
    return $('origin').value === 'other' ? $('other').value.trim() : $('origin').value;
  }

  // Whether a real page of this browser can ask a real server.
  get isReal() {
    return Boolean(this.world.port) && $('origin').value !== 'other' && $('url').value.trim() === this.world.api;
  }

  // The request as the core and a real page take it.
  // @param attempt  The name of a real attempt.
  question(attempt) {
    const headers = this.readHeaders();
    const again = $('again').value.trim();
    const soon = /^\d{1,9}$/.test(again);
    $('again-problems').replaceChildren(...(again === '' || soon ? [] : [
      element('li', { className: 'error', textContent: 'Write a whole number of seconds.' })]));
    const kind = $('kind').value;
    const base = this.isReal ? `${this.world.api}/${attempt}` : $('url').value.trim();
    return {
      page: this.page(),
      kind: kind.startsWith('redirect') ? 'redirect' : kind,
      location: this.locationOf(kind, base),
      again: soon ? again : null,
      request: {
        url: this.isReal ? `${base}/${kind}` : base,
        method: $('method').value.trim(),
        credentials: $('credentials').value,
        mode: $('mode').value,
        redirect: $('redirect').value,
        headers,
        body: $('body').value || null,
      },
    };
  }

  locationOf(kind, base) {
    const path = this.isReal ? `${new URL(base).pathname}/moved` : '/moved';
    try {
      return new URL(path, kind === 'redirect-away' ? this.world.elsewhere : base).href;
    } catch {
      return '';  // the request itself is told what is wrong with its URL
    }
  }

  readHeaders() {
    const headers = [];
    const problems = [];
    linesOf('headers').forEach((line, i) => {
      if (line === '') return;
      const colon = line.indexOf(':');
      // What is beyond a byte, fetch refuses to take.
      if (/[^\0-\xff]/.test(line)) problems.push(`Line ${i + 1}: write bytes; encode other characters.`);
      else if (colon < 1) problems.push(`Line ${i + 1}: write a name, a colon and a value.`);
      else headers.push([line.slice(0, colon).trim(), line.slice(colon + 1).trim()]);
    });
    $('headers-problems').replaceChildren(
      ...problems.map((text) => element('li', { className: 'error', textContent: text })));
    return headers;
  }
}
