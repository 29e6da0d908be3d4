// The Kakao object: its life, and what it is made of. What happens behind it is Go.

import { newAPI } from './api.js';
import { newAuth } from './auth.js';
import { start } from './border.js';
import { kakaoError, makeError } from './error.js';
import { newInterpreter } from './interpreter.js';
import { legacyTokenKey, readLegacyToken } from './legacytoken.js';
import { addressFacts, environment, knownOptions, savedEntries } from './environment.js';
import { newOutcome, report } from './outcome.js';
import { requirePage, starting } from './prerequisites.js';
import { applyDefaults, copySettings, dropHeaderImage, isSettings, own, reading, tagOf, textOf } from './settings.js';

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

/** Under what name a page keeps its SDK, which every further script and module of it joins. */
const SHARED = Symbol.for('kakaowasm');

/**
 * Makes the Kakao object of a script or module. A page has one SDK, however many of them it loads: they
 * share its state, its events and its version, which is that of the first.
 * @param {() => WebAssembly.Module} compile compiles the SDK; called at the first init
 * @param {DOMStringMap} [defaults] the data attributes of the script tag
 * @param {any} [Kakao] another SDK's Kakao object, to be completed by ours
 */
export function createKakao(compile, defaults, Kakao = {}) {
  const page = typeof window === 'object' ? window : null;
  let shared = page && own(page, SHARED);
  if (!shared) {
    shared = newKakao();
    if (page) Object.defineProperty(page, SHARED, /** @type {PropertyDescriptor} */ ({ __proto__: null, value: shared, configurable: true }));
  }
  if (shared.version !== VERSION) console.warn(`KakaoWarning: kakaowasm ${shared.version} is on this page already, so that ${VERSION} is not used`);
  return shared.join({ version: VERSION, compile, defaults, Kakao });
}

/** Makes the SDK of a page. */
function newKakao() {
  /** The page's Kakao objects, each with what another SDK had put there. @type {Map<any, any>} */
  const objects = new Map();
  /** What compiles the wasm of this version, until one has. @type {(() => WebAssembly.Module)[]} */
  let compilers = [];
  /** @type {WebAssembly.Module|undefined} */
  let compiled;
  /** @type {DOMStringMap} */
  let attributes = {};
  /** @type {string|null} */
  let appKey = null;
  let initialized = false;
  /** What a page passed to init beside its key; it stays in the agent string, as in the legacy SDK. */
  let extraKey = '';
  /** Calls into Go, once it runs. @type {SDK['call']|undefined} */
  let go;

  /** Compiles the SDK from where it can be had: kakaowasm/lite may not have loaded it. */
  function compileAny() {
    /** @type {unknown} */
    let failure;
    for (const compile of compilers) {
      try {
        compiled = compile();
        compilers = []; // each may hold a wasm
        return compiled;
      } catch (error) {
        failure = error;
      }
    }
    throw failure;
  }

  /** @type {SDK['call']} */
  const call = (...args) => {
    go ??= starting(() => newInterpreter(start(compiled ?? compileAny()), () => {
      go = undefined;
      stop();
    }));
    return go(...args);
  };
  const { read, takesFiles } = newReader(call);
  const sdk = { call, read, takesFiles, appKey: () => appKey };
  const parts = { Auth: newAuth(sdk), API: newAPI(sdk) };
  /** What the objects have of parts: none before the first init. */
  let begun = {};

  const onRenew = () => void call('renew');

  /** Until the next init. */
  function stop() {
    appKey = null;
    initialized = false;
    window.removeEventListener('kakao:renew', onRenew);
  }

  /**
   * @param {string} key
   * @param {any} options
   * @param {any} settings
   */
  function begin(key, options, settings) {
    requirePage(settings.server ?? '');
    if (options && !isSettings(options)) extraKey = textOf(options);
    const values = read('Kakao.init', settings);
    const text = String(key);
    const legacyKey = legacyTokenKey(text);
    const legacyToken = readLegacyToken(text, legacyKey);
    call('init', [
      'appKey', text, ...environment(), 'extraKey', extraKey, 'restoreSession', values.restoreSession ? 1 : '',
      ...addressFacts(values),
      'legacyKey', legacyKey, ...(legacyToken === undefined ? [] : ['legacyToken', legacyToken]),
      'entries', '', ...savedEntries(),
    ], { outcome: newOutcome(options, values) });
    appKey = key;
    initialized = true;
    window.addEventListener('kakao:renew', onRenew);
  }

  /** Runs what another SDK does at the same time; its exceptions are its own. @param {(theirs: any, Kakao: any) => void} action */
  function withTheirs(action) {
    for (const [Kakao, theirs] of objects) {
      try {
        action(theirs, Kakao);
      } catch (error) {
        report(error);
      }
      Object.assign(Kakao, begun); // theirs may have put its own there
    }
  }

  const methods = {
    VERSION,

    /**
     * Starts the SDK.
     * @param {string} key the app's JavaScript key
     * @param {object|string} [options] see index.d.ts; a string goes into the agent string
     * @this {any}
     */
    init(key, options) {
      const settings = knownOptions(attributes, isSettings(options) ? options : {});
      if (initialized) {
        if (settings.idempotent === true && key === appKey) return;
        throw kakaoError('Kakao.init: Already initialized', 'already_initialized', 'call Kakao.cleanup first');
      }
      if (tagOf(key) !== 'String') {
        throw kakaoError('Kakao.init: App key must be provided', 'missing_parameter', "pass the app's JavaScript key");
      }
      begin(key, options, settings);
      begun = parts;
      for (const Kakao of objects.keys()) Object.assign(Kakao, parts);
      withTheirs((theirs, Kakao) => {
        if (theirs.init && !theirs.isInitialized?.()) theirs.init.call(Kakao, key);
      });
      if (isSettings(this) && !objects.has(this)) { // wrappers call init on a copy of Kakao
        reading('this', 'Kakao.init', () => Object.assign(this, parts));
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
      stop();
      withTheirs((theirs, Kakao) => theirs.cleanup?.call(Kakao));
    },
  };

  return {
    version: VERSION,

    /**
     * Adds a script or module to the SDK, and returns its Kakao object.
     * @param {{version: string, compile: () => WebAssembly.Module, defaults?: DOMStringMap, Kakao: any}} one
     */
    join({ version, compile, defaults, Kakao }) {
      if (!compiled && version === VERSION) compilers.push(compile);
      attributes = { ...attributes, ...defaults }; // a script that is added again may have none
      const known = Kakao.init === methods.init && (objects.get(Kakao) ?? {}); // or a copy of ours
      objects.set(Kakao, { __proto__: null, ...(known || Kakao) });
      Object.assign(Kakao, methods, begun);
      if (!Kakao.__esModule) Object.defineProperty(Kakao, '__esModule', /** @type {PropertyDescriptor} */ ({ __proto__: null, value: true }));
      return Kakao;
    },
  };
}
