// Starts the SDK as standard Go builds it, with its glue, without a trace on the page: the glue sees a global object of
// its own, which falls back to the page's for what it lacks. Texts cross through an object that Go finds there.

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
 * Starts Go.
 * @param {WebAssembly.Module} module
 * @returns {(event: string, settings?: object) => string} hands Go an event and the settings of a call, which vert
 *   binds, and returns the commands
 */
export function instantiate(module) {
  /** @type {{event: string, settings?: object, commands: string}} */
  const host = { event: '', commands: '' };
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
  return (event, settings) => {
    host.event = event;
    host.settings = settings;
    handle();
    if (go.exited) throw new Error('Go has ended'); // standard Go does, instead of a trap
    const { commands } = host;
    host.event = host.commands = '';
    host.settings = undefined;
    return commands;
  };
}
