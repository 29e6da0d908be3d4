// The wasm as a string of its bytes, which compresses better than base64. The build writes it here.

const BYTES = '__KAKAOWASM_BYTES__';

/** @returns {WebAssembly.Module} */
export function compile() {
  const bytes = new Uint8Array(BYTES.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = BYTES.charCodeAt(i); // much faster than Uint8Array.from with a callback
  return new WebAssembly.Module(bytes);
}
