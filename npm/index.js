// The surface of the legacy SDK: names, arguments, moments. What happens behind it is Go.

import { kakaoError, makeError } from './error.js';
import { start } from './host.js';
import { putLoginButton } from './button.js';
import { newOutcome } from './outcome.js';
import { applyDefaults, copySettings, encodeData, isSettings, plainValues, tagOf } from './settings.js';

/** Set at build time from kakao.Version. */
export const VERSION = __KAKAOWASM_VERSION__;

/**
 * Makes the Kakao object.
 * @param {() => WebAssembly.Module} compile compiles the SDK; called once, at the first init
 * @param {DOMStringMap} [defaults] the data attributes of the script tag
 * @param {object} [Kakao] another SDK's Kakao object, to be completed by ours
 */
export function createKakao(compile, defaults = {}, Kakao = {}) {
  const theirs = { ...Kakao };
  let go; // calls into Go, once it runs
  let appKey = null;
  let initialized = false;
  const defaultsOf = Object.create(null); // of each call, as Go knows them

  /** Starts Go, once. */
  function run() {
    if (go) return;
    let module;
    try {
      module = compile();
    } catch (error) {
      if (error.name === 'KakaoError') throw error;
      throw kakaoError(
        `Kakao.init: WebAssembly cannot start here: ${error.message}`,
        'webassembly_forbidden',
        "if the page sends a Content-Security-Policy, add 'wasm-unsafe-eval' to its script-src",
      );
    }
    go = start(module, makeError);
  }

  /** Checks the settings of a call as the legacy SDK did, and copies them. */
  function read(name, settings = {}) {
    if (!isSettings(settings)) {
      throw makeError({
        name: 'Error',
        message: 'params should be an Object',
        code: 'not_an_object',
        hint: `pass an object such as {scope: 'account_email'} instead of ${tagOf(settings)}`,
      });
    }
    defaultsOf[name] ??= go('defaults', { name });
    applyDefaults(settings, defaultsOf[name]);
    const { values, args } = copySettings(settings);
    go('check', { name, args });
    return values;
  }

  function illegalArgument(name, value) {
    return makeError({
      name: 'KakaoError',
      message: `Illegal argument for ${name}`,
      code: 'illegal_parameter',
      hint: `pass a function or nothing instead of ${tagOf(value)}`,
    });
  }

  /** Calls a method of Go that answers later, or, where the legacy SDK did, at once. */
  function begin(method, settings, callbacks, call, atOnce) {
    const outcome = newOutcome(settings, callbacks);
    const value = go(method, { ...call, settle: outcome.settle }, atOnce);
    return { value, promise: outcome.promise };
  }

  const login = (settings, values) => begin('login', settings, values, { settings: plainValues(values) });

  const Auth = {
    /**
     * Logs in through a popup. Call it inside a click.
     * @param {object} [settings] see index.d.ts
     * @returns {Promise<object>} the token response, as success gets it
     */
    login(settings) {
      return login(settings, read('Auth.login', settings)).promise;
    },

    /**
     * Leads the window to the consent page.
     * @returns {false|undefined} false if an automatic login is not possible here
     */
    authorize(settings) {
      const values = read('Auth.authorize', settings);
      const { value } = begin('authorize', settings, values, { settings: plainValues(values) }, true);
      return value === false ? false : undefined;
    },

    /**
     * Puts a login button into settings.container: a CSS selector or an element.
     */
    createLoginButton(settings) {
      const values = read('Auth.createLoginButton', settings);
      const { container } = values;
      const element = typeof container === 'string' ? document.querySelector(container) : container;
      if (!element) {
        throw kakaoError(
          'container is required for Kakao login button: pass in element or id',
          'illegal_parameter',
          `no element matches ${container}`,
        );
      }
      putLoginButton(element, values, () => login(settings, values));
    },

    /**
     * Ends the login, whatever the servers say.
     * @returns {Promise<true>}
     */
    logout() {
      const callback = arguments[0]; // the legacy function's length is 0
      if (callback !== undefined && typeof callback !== 'function') throw illegalArgument('Auth.logout', callback);
      return begin('logout', undefined, { always: callback }).promise;
    },

    /**
     * Tells whether the user is logged in.
     * @returns {Promise<{status: 'connected'|'not_connected', user?: object}>}
     */
    getStatusInfo(callback) {
      if (callback !== undefined && typeof callback !== 'function') {
        throw illegalArgument('Auth.getStatusInfo', callback);
      }
      return begin('status', undefined, { always: callback }, {}, true).promise;
    },

    /** @returns {string|null} the access token */
    getAccessToken() {
      return go('getAccessToken');
    },

    /**
     * Sets the access token that the page got by itself; null removes it.
     * @param {string|null} token
     * @param {boolean} [persist] whether to keep it beyond the page; true if left out
     */
    setAccessToken(token) {
      const persist = arguments[1] !== false; // the legacy function's length is 1
      go('setAccessToken', { token: token == null ? null : String(token), persist });
    },

    /** @returns {string|null} the app key given to init; null after cleanup */
    getAppKey() {
      return appKey;
    },
  };

  const API = {
    /**
     * Calls an address of the REST API with the access token.
     * @param {{url: string, data?: object, success?: Function, fail?: Function, always?: Function}} settings
     * @returns {Promise<unknown>} the answer
     */
    request(settings) {
      const values = read('API.request', settings);
      const data = read(`API.request - ${values.url}`, values.data);
      return begin('request', settings, values, { url: values.url, data: encodeData(data) }).promise;
    },
  };

  function onRenew() {
    go('renew');
  }

  return Object.assign(Kakao, {
    VERSION,

    /**
     * Starts the SDK.
     * @param {string} key the app's JavaScript key
     * @param {object|string} [options] see index.d.ts; a string goes into the agent string
     */
    init(key, options) {
      const settings = isSettings(options) ? options : {};
      if (initialized) {
        if (settings.idempotent && key === appKey) return;
        throw kakaoError('Kakao.init: Already initialized', 'already_initialized', 'call Kakao.cleanup first');
      }
      if (tagOf(key) !== 'String') {
        throw kakaoError('Kakao.init: App key must be provided', 'missing_parameter', "pass the app's JavaScript key");
      }
      const extraKey = options && !isSettings(options) ? String(options) : '';
      run();
      const values = read('Kakao.init', known(defaults, settings));
      const outcome = newOutcome(options, values);
      go('init', {
        appKey: String(key),
        options: { ...plainValues(values), ...environment(), extraKey },
        settle: outcome.settle,
      });
      appKey = key;
      initialized = true;
      if (theirs.init && !theirs.isInitialized?.()) theirs.init.call(Kakao, key);
      Object.assign(Kakao, { Auth, API });
      window.addEventListener('kakao:renew', onRenew);
    },

    /** @returns {boolean} */
    isInitialized() {
      return initialized;
    },

    /** Stops what the SDK does in the background; init may follow. */
    cleanup() {
      if (!initialized) return;
      go('cleanup');
      appKey = null;
      initialized = false;
      window.removeEventListener('kakao:renew', onRenew);
      theirs.cleanup?.call(Kakao);
    },
  });
}

const ADDRESSES = ['server', 'authHost', 'apiHost'];
const INIT_OPTIONS = [...ADDRESSES, 'idempotent', 'success', 'fail', 'always'];

/**
 * The options of init that the SDK knows: the script tag's, under those of the page. The legacy SDK
 * took anything there, so what is unknown only gets a warning.
 */
function known(defaults, settings) {
  const options = {};
  for (const name of INIT_OPTIONS) {
    if (settings[name] !== undefined) options[name] = settings[name];
    else if (ADDRESSES.includes(name) && defaults[name]) options[name] = defaults[name];
  }
  const unknown = Object.keys(settings).filter((name) => !INIT_OPTIONS.includes(name));
  if (unknown.length) console.warn(`KakaoWarning: Kakao.init does not know ${unknown.join(', ')}`);
  return options;
}

/** What Go must know of the page and the browser. */
function environment() {
  const { location, navigator } = window;
  return {
    lang: navigator.language || navigator.userLanguage || '',
    device: navigator.platform || '',
    origin: location.origin,
    href: location.href.replace(/#.*$/s, ''),
    userAgent: navigator.userAgent,
  };
}
