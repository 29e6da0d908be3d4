// The Kakao object: its life, and what it is made of. What happens behind it is Go.

import { newAPI } from './api.js';
import { newAuth } from './auth.js';
import { start } from './border.js';
import { kakaoError, makeError } from './error.js';
import { newInterpreter } from './interpreter.js';
import { legacyTokenKey, readLegacyToken } from './legacytoken.js';
import { addressFacts, environment, knownOptions, savedEntries } from './environment.js';
import { newOutcome, report } from './outcome.js';
import { applyDefaults, copySettings, dropHeaderImage, isSettings, reading, tagOf, textOf } from './settings.js';

/** Set at build time from kakao.Version. */
export const VERSION = __KAKAOWASM_VERSION__;

/**
 * What the parts of the Kakao object share: calls into Go; reading of what a page passes; whether an address
 * takes files; the app key of init.
 * @typedef {{
 *   call: ReturnType<typeof newInterpreter>,
 *   read: (name: string, settings?: unknown) => any,
 *   takesFiles: (name: string) => boolean,
 *   appKey: () => string|null,
 * }} SDK
 */

/** What Go knows of a call. @typedef {{files: boolean, defaults: string[], templates: string[]}} Rules */

/**
 * Makes what reads the settings of the page's calls.
 * @param {SDK['call']} call
 */
function newReader(call) {
  /** @type {Record<string, Rules>} */
  const rules = Object.create(null);

  /**
   * @param {string} name
   * @returns {Rules}
   */
  function rulesOf(name) {
    if (!rules[name]) {
      const [files, count, ...list] = call('rules', ['name', name]).list;
      rules[name] = { files: Boolean(files), defaults: list.slice(0, 2 * Number(count)), templates: list.slice(2 * Number(count)) };
    }
    return rules[name];
  }

  return {
    takesFiles: (/** @type {string} */ name) => rulesOf(name).files,

    /**
     * Checks the settings of a call as the legacy SDK did, and copies them.
     * @param {string} name
     * @param {any} [settings]
     */
    read(name, settings = {}) {
      if (!isSettings(settings)) {
        throw makeError({
          name: 'Error',
          message: 'params should be an Object',
          code: 'not_an_object',
          hint: `pass an object such as {scope: 'account_email'} instead of ${tagOf(settings)}`,
        });
      }
      const { defaults, templates } = rulesOf(name);
      applyDefaults(settings, defaults, name);
      const { values, args } = copySettings(settings, name);
      call('check', ['name', name, ...args]);
      for (const template of templates) dropHeaderImage(values[template], name);
      return values;
    },
  };
}

/**
 * Compiles the SDK; its failure is an error with a code and a hint.
 * @param {() => WebAssembly.Module} compile
 */
function compiled(compile) {
  try {
    return compile();
  } catch (error) {
    const { name, message } = /** @type {Error} */ (error);
    if (name === 'KakaoError') throw error;
    throw kakaoError(
      `Kakao.init: WebAssembly cannot start here: ${message}`,
      'webassembly_forbidden',
      "if the page sends a Content-Security-Policy, add 'wasm-unsafe-eval' to its script-src",
    );
  }
}

/**
 * Makes the Kakao object.
 * @param {() => WebAssembly.Module} compile compiles the SDK; called once, at the first init
 * @param {DOMStringMap} [defaults] the data attributes of the script tag
 * @param {any} [Kakao] another SDK's Kakao object, to be completed by ours
 */
export function createKakao(compile, defaults = {}, Kakao = {}) {
  const theirs = /** @type {any} */ ({ __proto__: null, ...Kakao });
  /** @type {string|null} */
  let appKey = null;
  let initialized = false;
  /** What a page passed to init beside its key; it stays in the agent string, as in the legacy SDK. */
  let extraKey = '';
  /** Calls into Go, once it runs. @type {SDK['call']|undefined} */
  let go;
  /** @type {SDK['call']} */
  const call = (...args) => {
    go ??= newInterpreter(start(compiled(compile)));
    return go(...args);
  };
  const { read, takesFiles } = newReader(call);
  const sdk = { call, read, takesFiles, appKey: () => appKey };
  const Auth = newAuth(sdk);
  const API = newAPI(sdk);

  const onRenew = () => void call('renew');

  /**
   * @param {string} key
   * @param {any} options
   * @param {any} settings
   */
  function begin(key, options, settings) {
    if (options && !isSettings(options)) extraKey = textOf(options);
    const values = read('Kakao.init', settings);
    const text = String(key);
    const legacyToken = readLegacyToken(text);
    call('init', [
      'appKey', text, ...environment(), 'extraKey', extraKey, ...addressFacts(values),
      'legacyKey', legacyTokenKey(text), ...(legacyToken === undefined ? [] : ['legacyToken', legacyToken]),
      'entries', '', ...savedEntries(),
    ], { outcome: newOutcome(options, values) });
    appKey = key;
    initialized = true;
    window.addEventListener('kakao:renew', onRenew);
  }

  return Object.assign(Kakao, {
    VERSION,

    /**
     * Starts the SDK.
     * @param {string} key the app's JavaScript key
     * @param {object|string} [options] see index.d.ts; a string goes into the agent string
     */
    init(key, options) {
      const settings = knownOptions(defaults, isSettings(options) ? options : {});
      if (initialized) {
        if (settings.idempotent === true && key === appKey) return;
        throw kakaoError('Kakao.init: Already initialized', 'already_initialized', 'call Kakao.cleanup first');
      }
      if (tagOf(key) !== 'String') {
        throw kakaoError('Kakao.init: App key must be provided', 'missing_parameter', "pass the app's JavaScript key");
      }
      begin(key, options, settings);
      Object.assign(Kakao, { Auth, API });
      try {
        if (theirs.init && !theirs.isInitialized?.()) theirs.init.call(Kakao, key);
      } catch (error) {
        report(error);
      }
      Object.assign(Kakao, { Auth, API }); // theirs may have put its own there
      if (this !== Kakao && isSettings(this)) { // wrappers call init on a copy of Kakao
        reading('this', 'Kakao.init', () => Object.assign(this, { Auth, API }));
      }
    },

    /** @returns {boolean} */
    isInitialized() {
      return initialized;
    },

    /** Stops what the SDK does in the background; init may follow. */
    cleanup() {
      if (!initialized) return;
      call('cleanup');
      appKey = null;
      initialized = false;
      window.removeEventListener('kakao:renew', onRenew);
      theirs.cleanup?.call(Kakao);
    },
  });
}
