// The wasm as a string of its bytes, which compresses better than base64. The build writes it here.

const BYTES = '__KAKAOWASM_BYTES__';

/** @returns {WebAssembly.Module} */
export function compile() {
  return new WebAssembly.Module(Uint8Array.from(BYTES, (char) => char.charCodeAt(0)));
}
