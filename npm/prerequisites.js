// What the SDK takes for granted. Where it is missing, init says so by an error with a code and a hint, and
// a later init can succeed.

import { kakaoError } from './error.js';

/**
 * Throws unless there is a page to start in.
 * @param {string} server the token server's address
 */
export function requirePage(server) {
  if (typeof window === 'undefined' || typeof document === 'undefined') {
    throw kakaoError('Kakao.init: there is no window here', 'no_window', "call it in the browser's page, not on a server or in a worker");
  }
  if (['null', 'file://'].includes(location.origin) && !/^https?:/.test(server)) {
    throw kakaoError('Kakao.init: this page has no origin', 'no_origin', 'serve it over https, or add allow-same-origin to the sandbox of its frame');
  }
}

/**
 * What action, which starts the wasm, returns.
 * @template T
 * @param {() => T} action
 * @returns {T}
 */
export function starting(action) {
  if (typeof WebAssembly !== 'object') {
    throw kakaoError('Kakao.init: this browser has no WebAssembly', 'no_webassembly', 'the user can exclude this site from Lockdown Mode, or take another browser');
  }
  try {
    return action();
  } catch (error) {
    throw /** @type {Error} */ (error)?.name === 'KakaoError' ? error : startError(error);
  }
}

/** @param {any} error */
function startError(error) {
  const message = `Kakao.init: WebAssembly cannot start here: ${error?.message}`;
  if (error instanceof RangeError || /memory/i.test(error?.message)) return kakaoError(message, 'out_of_memory', 'call Kakao.init again later');
  if (['TypeError', 'LinkError'].includes(error?.name)) {
    return kakaoError(message, 'unsupported_browser', 'take Chrome 85, Firefox 79, Safari 14.1 or a later one');
  }
  return kakaoError(message, 'webassembly_forbidden', "if the page sends a Content-Security-Policy, add 'wasm-unsafe-eval' to its script-src");
}

/**
 * The error of a wasm that has died after its start: of a trap, or of memory that it did not get.
 * @param {any} error
 */
export const crashError = (error) => kakaoError(`Kakao: the SDK has stopped: ${error?.message}`, 'sdk_crashed', 'call Kakao.init again; if that fails too, reload the page');

/**
 * Random bytes.
 * @param {number} count
 */
export function randomBytes(count) {
  if (typeof globalThis.crypto?.getRandomValues !== 'function') {
    throw kakaoError('Kakao.Auth: this browser has no random numbers', 'unsupported_browser', 'a login needs crypto.getRandomValues');
  }
  return crypto.getRandomValues(new Uint8Array(count));
}
