// Starts the SDK as TinyGo builds it: a library that imports nothing of the browser. Texts cross through its memory.

import { textCoding } from './textcoding.js';

/**
 * What the program asks of a WASI host, which it never needs: the runtime asks for a random word once, and any will do.
 */
const imports = new Proxy({}, { get: () => new Proxy({}, { get: () => () => 0 }) });

/**
 * Starts Go.
 * @param {WebAssembly.Module} module
 * @returns {(event: string) => string} hands Go an event, and returns the commands
 */
export function instantiate(module) {
  const { exports } = new WebAssembly.Instance(module, /** @type {WebAssembly.Imports} */ (imports));
  const { _initialize: initialize, event, handle, commands, memory } = /** @type {any} */ (exports);
  const { TextEncoder, TextDecoder } = textCoding();
  const encoder = new TextEncoder();
  const decoder = new TextDecoder();
  initialize();
  return (text) => {
    const most = 3 * text.length; // UTF-8 has no more bytes for a character of UTF-16
    const at = event(most); // which may move the memory
    const { written } = encoder.encodeInto(text, new Uint8Array(memory.buffer, at, most));
    const length = handle(written);
    return length ? decoder.decode(new Uint8Array(memory.buffer, commands(), length)) : '';
  };
}
