// The wasm as a string of its bytes, which compresses better than base64. The build writes it at the end of the
// file, into a variable of this name.


/** @returns {WebAssembly.Module} */
export function compile() {
  const text = __KAKAOWASM_BYTES__;
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = text.charCodeAt(i); // much faster than Uint8Array.from with a callback
  return new WebAssembly.Module(bytes);
}
