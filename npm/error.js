import { tagOf } from './settings.js';

/**
 * Makes the error of a wrong call. A KakaoError is what the legacy SDK threw: an object whose own
 * properties are `name` and `message` alone, and which is an Error by its prototype. What is for
 * programs and developers, `code`, `param`, `hint` and `stack`, it inherits.
 * @param {Record<string, string>} error its name and message, and what it inherits
 */
export function makeError({ name = 'Error', message = '', ...details }) {
  const native = new Error(message);
  if (name === 'Error') return describe(native, details);
  const stack = String(native.stack).replace(/^Error\b/, name);
  return Object.assign(Object.create(describe(Object.create(Error.prototype), { ...details, stack })), { name, message });
}

/**
 * Gives an error what is for programs, where no one who lists its properties sees it.
 * @template {object} T
 * @param {T} error
 * @param {Record<string, string|undefined>} details
 */
export function describe(error, details) {
  for (const [key, value] of Object.entries(details)) {
    if (value) Object.defineProperty(error, key, /** @type {PropertyDescriptor} */ ({ __proto__: null, value, writable: true, configurable: true }));
  }
  return error;
}

/**
 * A KakaoError with a code and a hint.
 * @param {string} message
 * @param {string} code
 * @param {string} hint
 */
export const kakaoError = (message, code, hint) => makeError({ name: 'KakaoError', message, code, hint });

/**
 * The error of an argument that is no function.
 * @param {string} name the function that was called
 * @param {unknown} value
 */
export const illegalArgument = (name, value) => kakaoError(
  `Illegal argument for ${name}`,
  'illegal_parameter',
  `pass a function or nothing instead of ${tagOf(value)}`,
);
