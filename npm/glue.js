// Starts a wasm program with the glue of the toolchain that built it, without a trace on the page:
// the glue sees a global object of its own, which falls back to the page's for what it lacks.

import loadGo from 'toolchain:wasm_exec';
import { textCoding } from './textcoding.js';

/** What the glue would otherwise add to the page's globals, or look for in Node.js. */
const fs = {
  constants: { O_WRONLY: -1, O_RDWR: -1, O_CREAT: -1, O_TRUNC: -1, O_APPEND: -1, O_EXCL: -1, O_DIRECTORY: -1 },
  /**
   * @param {number} _fd
   * @param {Uint8Array} bytes
   */
  writeSync(_fd, bytes) {
    console.error(new TextDecoder().decode(bytes));
    return bytes.length;
  },
};

/**
 * @param {WebAssembly.Module} module
 * @param {object} host what Go finds as the global kakaowasmHost
 * @returns {{handle: () => void}} what Go exports
 */
export function instantiate(module, host) {
  /** @type {Record<PropertyKey, any>} */
  const own = Object.assign(Object.create(null), textCoding(), { kakaowasmHost: host, fs, process: {}, require: null });
  const sandbox = new Proxy(own, {
    get: (_, name) => (name in own ? own[name] : /** @type {any} */ (globalThis)[name]),
  });
  const Go = loadGo(sandbox, sandbox, sandbox, own.fs, own.process, own.require, own.TextEncoder, own.TextDecoder);
  const go = new Go();
  const instance = new WebAssembly.Instance(module, go.importObject);
  go.run(instance).catch(() => {}); // the next call of handle tells
  const { handle } = /** @type {any} */ (instance.exports);
  return {
    handle() {
      handle();
      if (go.exited) throw new Error('Go has ended'); // standard Go does, instead of a trap
    },
  };
}
