// The ES module without the wasm, for pages that cache it apart.

import { takeAnswer } from './answer.js';
import { kakaoError } from './error.js';
import { createKakao } from './kakao.js';

takeAnswer();

/** @type {WebAssembly.Module|undefined} */
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
  const wasm = await WebAssembly.compile(await response.arrayBuffer());
  const version = versionOf(wasm);
  if (version !== __KAKAOWASM_VERSION__) {
    throw kakaoError(`Kakao.load: ${wasmUrl} is of ${version ?? 'no known version'}, and this script of ${__KAKAOWASM_VERSION__}`, 'not_loaded', 'take both files from one build');
  }
  compiled = wasm;
  return Kakao;
};

/**
 * The version that the build has written into the wasm.
 * @param {WebAssembly.Module} wasm
 */
function versionOf(wasm) {
  const [section] = WebAssembly.Module.customSections(wasm, 'kakaowasm');
  return section && new TextDecoder().decode(section);
}

function besideThisModule() {
  if (import.meta.url) return new URL('kakao.wasm', import.meta.url);
  throw kakaoError('Kakao.load: this bundle does not know its address', 'not_loaded', "pass wasmUrl: '/kakao.wasm'");
}

export { Kakao };
export default Kakao;
