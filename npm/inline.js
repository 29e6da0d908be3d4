// The wasm as a string of its bytes, which compresses better than base64. The build writes it at the end of the
// file, into a variable of this name.

import latin1 from './latin1.wat';
import { textCoding } from './textcoding.js';

/**
 * The bytes of a text that has one character a byte.
 * @param {string} text
 */
function bytesOf(text) {
  const { TextEncoder } = textCoding();
  const encoded = new TextEncoder().encode(text);
  const memory = new WebAssembly.Memory({ initial: (encoded.length >> 16) + 1 });
  const bytes = new Uint8Array(memory.buffer);
  bytes.set(encoded);
  const decoder = new WebAssembly.Module(Uint8Array.from(latin1, (char) => char.charCodeAt(0)));
  const { decode } = /** @type {any} */ (new WebAssembly.Instance(decoder, { '': { memory } }).exports);
  return bytes.subarray(0, decode(encoded.length));
}

/** @returns {WebAssembly.Module} */
export const compile = () => new WebAssembly.Module(bytesOf(__KAKAOWASM_BYTES__));
