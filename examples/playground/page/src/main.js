// SPDX-License-Identifier: MIT

import compressed from 'core.wasm.gz';

import { asCpp, asCurl, asFetch } from './copies.js';
import { loadCore } from './core.js';
import { copyText, showCopy } from './copy_panel.js';
import { $, element, keepingFocus } from './dom.js';
import { fixOfDecision, fixOfProblem, fixOfStep } from './fixes.js';
import { readPaste } from './paste.js';
import { showPaste } from './paste_form.js';
import { describeFields, PolicyForm, takeOutBadNumbers } from './policy_form.js';
import { sendForReal } from './real.js';
import { RequestForm } from './request_form.js';
import { showResult } from './result.js';
import { readState, usualRequest, writeState } from './state.js';
import { presetsFor, worldOf } from './world.js';

const isPasted = () => $('source-paste').checked;

class Playground {
  constructor(core) {
    this.core = core;
    this.fields = describeFields(core.fields());
    this.world = worldOf(window.playgroundServer);
    this.presets = presetsFor(this.world.pages[0][0]);
    this.requestForm = new RequestForm(this.world);
    this.policyForm = new PolicyForm(this.fields, (fix) => this.apply(fix));
    this.pick = 0;
    this.turn = 0;
    this.copies = {};
    this.lastSound = null;  // the last policy without errors
    this.listen();
  }

  listen() {
    const soon = () => this.updateSoon();
    $('preset').append(...Object.keys(this.presets).map((name) => element('option', { textContent: name })));
    $('preset').addEventListener('change', () => {
      if ($('preset').value) this.policyForm.write(this.presets[$('preset').value]);
    });
    $('form-part').addEventListener('input', ({ target }) => {
      if (target !== $('preset')) $('preset').value = '';
    });
    for (const radio of [$('source-form'), $('source-paste')]) radio.addEventListener('change', () => this.showSource());
    $('pick').addEventListener('change', () => { this.pick = Number($('pick').value); });
    $('paste').addEventListener('input', () => { this.pick = 0; });
    $('copy-as').addEventListener('change', (event) => {
      event.stopPropagation();
      this.showCopy();
    });
    $('copy').addEventListener('click', () => copyText($('copy-text').textContent, $('copy')));
    $('share').addEventListener('click', () => copyText(location.href, $('share')));
    for (const form of [$('policy'), $('request')]) {
      form.addEventListener('input', soon);
      form.addEventListener('change', soon);
      form.addEventListener('submit', (event) => {
        event.preventDefault();
        this.update();
      });
    }
    // The fragment is the state's, so links within the page do not go there.
    for (const link of document.querySelectorAll('a[href="#result"]')) {
      link.addEventListener('click', (event) => {
        event.preventDefault();
        $('result').focus();
        $('result').scrollIntoView();
      });
    }
    addEventListener('hashchange', () => this.readAddress());
  }

  // --- the address ---

  readAddress() {
    const usual = { policy: Object.values(this.presets)[0], paste: null, pick: 0, request: usualRequest };
    return this.write(readState(location.hash.slice(1), this.fields) ?? usual);
  }

  write({ policy, paste, pick, request }) {
    this.writePolicy(policy);
    $(paste === null ? 'source-form' : 'source-paste').checked = true;
    $('paste').value = paste ?? '';
    this.pick = pick;
    this.requestForm.write(request);
    this.showSource();
    return this.update();
  }

  writePolicy(policy) {
    const told = JSON.stringify(policy);
    $('preset').value = Object.keys(this.presets).find((name) => JSON.stringify(this.presets[name]) === told) ?? '';
    this.policyForm.write(policy);
  }

  keepInAddress() {
    const fragment = writeState({
      policy: this.policyForm.read(),
      paste: isPasted() ? $('paste').value : null,
      pick: this.pick,
      request: this.requestForm.read(),
    });
    try {
      // Something has to stand there, lest an empty policy becomes the usual one.
      history.replaceState(null, '', `#${fragment || 'page='}`);
    } catch {
      // Megabytes are no address; the page does without.
    }
  }

  // --- what is judged ---

  // @return  { judged, policy, copied, wrong }: the core's answer; the policy that requests are asked
  //          under, if it is the form's; the one that is to be copied; whether there is an error.
  judgeForm(question) {
    const policy = this.policyForm.read();
    const { errors, sound } = takeOutBadNumbers(policy, this.fields);
    let judged = this.core.judge({ ...question, policy: sound });
    const messages = { errors: [...errors, ...judged.errors], warnings: judged.warnings };
    const wrong = messages.errors.length > 0;
    keepingFocus(() => this.policyForm.show(messages, (problem) =>
      fixOfProblem(problem, policy, this.requestForm.page())));
    if (!wrong) this.lastSound = sound;
    else judged = this.lastSound ? this.core.judge({ ...question, policy: this.lastSound }) : {};
    const errorCount = messages.errors.length === 1 ? '1 error' : `${messages.errors.length} errors`;
    const stays = this.lastSound ? 'the last sound policy stays in force' : 'no policy is in force';
    this.showState(!wrong, wrong ? `${errorCount}; ${stays}` : 'in force');
    return { judged, policy: this.lastSound, copied: wrong ? null : sound, wrong };
  }

  judgePaste(question) {
    const { pasted, problem } = readPaste($('paste').value);
    const judged = problem ? {} : this.core.judge({ ...question, pasted, pick: this.pick });
    const { wrong, options } = showPaste(judged, problem, this.pick);
    $('edit').onclick = () => {
      this.write({ policy: options, paste: null, pick: 0, request: this.requestForm.read() });
      $('allow_origins').focus();
    };
    this.showState(!wrong, wrong ? 'not understood, or not sound' : 'judged');
    return { judged, policy: wrong ? null : options, copied: wrong ? null : options, wrong };
  }

  showState(good, text) {
    $('policy-state').className = good ? 'state good' : 'state bad';
    $('policy-state').textContent = text;
  }

  showCopy() {
    showCopy(this.copies, isPasted() ? 'Only what the form can say can be copied.'
      : 'There is nothing to copy while the policy has errors.');
  }

  showSource() {
    $('form-part').hidden = isPasted();
    $('paste-part').hidden = !isPasted();
  }

  // --- all together ---

  async update() {
    const turn = ++this.turn;
    $('result').ariaBusy = 'true';
    const attempt = `${turn}-${Math.random().toString(36).slice(2, 8)}`;
    try {
      const question = this.requestForm.question(attempt);
      this.keepInAddress();
      const { judged, policy, copied, wrong } = isPasted() ? this.judgePaste(question) : this.judgeForm(question);
      const verdict = judged.standard;
      this.copies = {
        ...(wrong ? {} : judged.copies),
        cpp: copied && { text: asCpp(copied, this.fields) },
        curl: verdict && { text: asCurl(verdict.exchanges, question.request.body) },
        fetch: { text: asFetch(question.request) },
      };
      this.showCopy();
      $('stale').hidden = !wrong || !verdict || isPasted();
      $('no-verdict').hidden = Boolean(verdict);
      $('judged').hidden = !verdict;
      $('summary').hidden = !verdict;
      if (verdict) {
        const real = { possible: Boolean(this.world.port), reason: isPasted() ? 'only of what the form can say' : 'cannot be that page' };
        if (policy && this.requestForm.isReal) real.answer = await sendForReal(attempt, policy, question);
        if (turn !== this.turn) return;
        const request = this.requestForm.read();
        const editable = isPasted() ? null : copied;
        const fixes = {
          ofDecision: (decision) => editable && fixOfDecision(decision, editable, request),
          ofStep: (step) => fixOfStep(step, editable, request),
        };
        keepingFocus(() => showResult(judged, real, question.again, fixes, (fix) => {
          this.apply(fix);
          $('result').focus();  // the button is gone
        }));
      }
      $('failure').hidden = true;
    } catch (error) {
      if (turn === this.turn) showFailure(error);
    }
    if (turn !== this.turn) return;
    $('result').ariaBusy = 'false';
    document.body.dataset.turn = turn;  // for tests
  }

  updateSoon() {
    ++this.turn;
    $('result').ariaBusy = 'true';
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.update(), 250);
  }

  apply({ policy, request }) {
    if (policy) this.writePolicy(policy);
    if (request) this.requestForm.write(request);
    this.update();
  }
}

function showFailure(error) {
  $('failure').hidden = false;
  $('failure').textContent = `That did not work: ${error.message}`;
}

loadCore(compressed).then((core) => new Playground(core).readAddress()).catch(showFailure);
