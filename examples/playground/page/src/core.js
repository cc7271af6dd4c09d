// SPDX-License-Identifier: MIT
// corsac itself, as WebAssembly: a question in, an answer out.

import { RE2JS } from 're2js';

// What a page that any server may serve can hold: the module, compressed.
async function unpack(compressed) {
  const stream = new Blob([compressed]).stream().pipeThrough(new DecompressionStream('gzip'));
  return new Response(stream).arrayBuffer();
}

// Expressions of Envoy and its kin have RE2's syntax, which the module leaves to the page.
function expressions(memory) {
  const known = [];
  let reason;
  const textAt = (at, size) => new TextDecoder().decode(new Uint8Array(memory(), at, size));
  return {
    compile(at, size) {
      try {
        known.push(RE2JS.compile(textAt(at, size)));
        return known.length - 1;
      } catch (error) {
        reason = new TextEncoder().encode(error.message || 'it does not compile');
        return -reason.length;
      }
    },
    reason: (at) => new Uint8Array(memory(), at, reason.length).set(reason),
    matches: (number, at, size) => Number(known[number].matches(textAt(at, size))),
    forget: () => { known.length = 0; },
  };
}

// What the C library asks of a system: the time, and ways out of here that there are not.
function system(memory) {
  const notSupported = () => 52;  // ENOSYS of WASI
  const known = {
    clock_time_get(clock, precision, at) {
      new DataView(memory()).setBigUint64(at, BigInt(Date.now()) * 1000000n, true);
      return 0;
    },
  };
  return new Proxy(known, { get: (names, name) => names[name] ?? notSupported });
}

function start(module) {
  let instance;
  const memory = () => instance.exports.memory.buffer;
  const engine = expressions(memory);
  instance = new WebAssembly.Instance(module, { page: engine, wasi_snapshot_preview1: system(memory) });
  const { input, output, fields, judge, _initialize } = instance.exports;
  _initialize();
  const read = (size) => JSON.parse(
    new TextDecoder().decode(new Uint8Array(memory(), output(), size)));
  return {
    fields: () => read(fields()),
    judge(question) {
      engine.forget();
      const bytes = new TextEncoder().encode(question);
      const at = input(bytes.length);  // may grow the memory
      new Uint8Array(memory(), at, bytes.length).set(bytes);
      return read(judge());
    },
  };
}

// Half of a surrogate pair is no text for the module.
const wellFormed = (key, value) => (typeof value === 'string' ? value.toWellFormed() : value);

export async function loadCore(compressed) {
  const module = await WebAssembly.compile(await unpack(compressed));
  let core = start(module);
  return {
    fields: () => core.fields(),
    judge(question) {
      try {
        return core.judge(JSON.stringify(question, wellFormed));
      } catch (error) {
        if (!(error instanceof WebAssembly.RuntimeError)) throw error;
        core = start(module);  // what aborted cannot be asked again
        throw new Error('corsac cannot judge this');
      }
    },
  };
}
