// The ES module without the wasm, for pages that cache it apart.

import { kakaoError } from './error.js';
import { createKakao } from './index.js';

let compiled;

const Kakao = createKakao(() => {
  if (compiled) return compiled;
  throw kakaoError('Kakao.init: the SDK is not loaded', 'not_loaded', "await Kakao.load({wasmUrl: '/kakao.wasm'}) first");
});

/**
 * Loads the wasm.
 * @param {{wasmUrl?: string|URL}} [options] where kakao.wasm is; beside this module if left out
 * @returns {Promise<object>} Kakao
 */
Kakao.load = async ({ wasmUrl = besideThisModule() } = {}) => {
  const response = await fetch(wasmUrl);
  if (!response.ok) {
    throw kakaoError(`Kakao.load: ${wasmUrl} answered ${response.status}`, 'not_loaded', 'check wasmUrl');
  }
  compiled = await WebAssembly.compile(await response.arrayBuffer());
  return Kakao;
};

function besideThisModule() {
  if (import.meta.url) return new URL('kakao.wasm', import.meta.url);
  throw kakaoError('Kakao.load: this bundle does not know its address', 'not_loaded', "pass wasmUrl: '/kakao.wasm'");
}

export { Kakao };
export default Kakao;
