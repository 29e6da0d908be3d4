// The surface of the legacy SDK: names, arguments, moments. What happens behind it is Go.

import { describe, kakaoError, makeError } from './error.js';
import { report, start } from './host.js';
import { putLoginButton } from './button.js';
import { legacyTokenKey, readLegacyToken } from './legacytoken.js';
import { newOutcome, WINDOW_CLOSED } from './outcome.js';
import {
  applyDefaults, copySettings, dropHeaderImage, encodeData, fileForm, isSettings, plainValues, reading, tagOf,
} from './settings.js';

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
  const rules = Object.create(null); // what Go knows of each call

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
    rules[name] ??= { defaults: go('defaults', { name }), templates: go('templates', { name }) };
    applyDefaults(settings, rules[name].defaults, name);
    const { values, args } = copySettings(settings, name);
    go('check', { name, args });
    for (const template of rules[name].templates) dropHeaderImage(values[template], name);
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

  /** Begins a login; prompts is what the two variants of Auth.login ask for. */
  function login(settings, values, prompts) {
    const plain = prompts ? { ...authSettings(values), prompts } : authSettings(values);
    return begin('login', settings, values, { settings: plain }, prompts === 'none').promise;
  }

  /** Opens a shipping-address window. */
  function openAddress(name, path, settings) {
    const values = read(name, settings);
    const outcome = newOutcome(settings, values);
    go('address', {
      path,
      settings: plainValues(values),
      addressId: values.addressId === undefined ? undefined : String(values.addressId),
      settle(ok, answer) {
        if (answer === null) outcome.close();
        else if (answer === undefined) outcome.reject(WINDOW_CLOSED);
        else outcome.settle(ok, answer);
      },
    });
    return outcome.promise;
  }

  let odd; // a token that is no string, with the text that Go has instead

  const Auth = {
    /**
     * Logs in through a popup. Call it inside a click.
     * @param {object} [settings] see index.d.ts, as for all functions here
     * @returns {Promise<object>} the token response, as success gets it
     */
    login(settings) {
      return login(settings, read('Auth.login', settings));
    },

    /** Logs in like login, and has the user enter a password whatever the browser remembers. */
    loginForm(settings) {
      return login(settings, read('Auth.loginForm', settings), 'login');
    },

    /** Logs in without a dialog, inside KakaoTalk. */
    autoLogin(settings) {
      return login(settings, read('Auth.autoLogin', settings), 'none');
    },

    /**
     * Leads to the consent page: in this window, in a popup or in KakaoTalk.
     * @returns {false|undefined} false if an automatic login is not possible here
     */
    authorize(settings) {
      const values = read('Auth.authorize', settings);
      const call = { settings: authSettings(values), bridge: hasBridge() };
      return begin('authorize', settings, values, call, true).value === false ? false : undefined;
    },

    /**
     * Exchanges the code that the page's redirect URI received, through the token server.
     * @returns {Promise<object>} the token response
     */
    issueAccessToken(settings) {
      const { code, redirectUri, codeVerifier, ...callbacks } = read('Auth.issueAccessToken', settings);
      return begin('issue', settings, callbacks, { code, redirectUri, codeVerifier }).promise;
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
      reading('container', 'Auth.createLoginButton', () => {
        putLoginButton(element, values, () => login(settings, values));
      });
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
      const token = go('getAccessToken');
      return odd && token === odd.text ? odd.token : token;
    },

    /**
     * Sets the access token that the page got by itself; null removes it.
     * @param {string|null} token
     * @param {boolean} [persist] whether to keep it beyond the page; true if left out
     */
    setAccessToken(token) {
      const persist = arguments[1] !== false; // the legacy function's length is 1
      const text = token === null ? null : textOf(token || ''); // so the legacy SDK kept undefined, 0, ...
      odd = typeof token === 'string' || token === null ? undefined : { token, text };
      const fault = persist && (appKey === null ? 'null (reading \'words\')' : odd && token && "undefined (reading 'length')");
      go('setAccessToken', { token: text, persist: persist && !fault });
      if (!fault) return;
      throw describe(new TypeError(`Cannot read properties of ${fault}`), {
        code: 'illegal_parameter',
        hint: appKey === null ? 'call Kakao.init first' : `pass a string instead of ${tagOf(token)}`,
      });
    },

    /** Unsupported, as in the legacy SDK: the refresh token stays on the token server. */
    getRefreshToken() {
      console.error('unsupported operation: Auth.getRefreshToken()');
      return '';
    },

    /** Unsupported, as in the legacy SDK. */
    setRefreshToken(_token) {
      console.error('unsupported operation: Auth.setRefreshToken()');
    },

    /** @returns {string|null} the app key given to init; null after cleanup */
    getAppKey() {
      return appKey;
    },

    /** Opens a window in which the user chooses a shipping address. */
    selectShippingAddress(settings) {
      return openAddress('Auth.selectShippingAddress', '/user/address', settings);
    },

    /** Opens a window in which the user adds a shipping address. */
    createShippingAddress(settings) {
      return openAddress('Auth.createShippingAddress', '/user/create/address', settings);
    },

    /** Opens a window in which the user changes the shipping address settings.addressId. */
    updateShippingAddress(settings) {
      return openAddress('Auth.updateShippingAddress', '/user/edit/address', settings);
    },

    /** Ends the logins and windows under way; nobody hears of them any more. */
    cleanup() {
      go('authCleanup');
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
      const { url } = values;
      const name = `API.request - ${url}`;
      const { file, ...data } = read(name, values.data);
      const call = { url, data: encodeData(data, name) };
      if (go('takesFiles', { url })) {
        const files = values.files ?? file;
        if (!files) {
          const missing = kakaoError(`'files' parameter should be set for ${url}`, 'missing_parameter', 'add files');
          return newOutcome(settings, {}).reject(missing);
        }
        call.form = fileForm(files, name);
      }
      return begin('request', settings, values, call).promise;
    },

    /** Ends the requests under way; nobody hears of them any more. */
    cleanup() {
      go('apiCleanup');
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
      const settings = known(defaults, isSettings(options) ? options : {});
      if (initialized) {
        if (settings.idempotent === true && key === appKey) return;
        throw kakaoError('Kakao.init: Already initialized', 'already_initialized', 'call Kakao.cleanup first');
      }
      if (tagOf(key) !== 'String') {
        throw kakaoError('Kakao.init: App key must be provided', 'missing_parameter', "pass the app's JavaScript key");
      }
      const extraKey = options && !isSettings(options) ? textOf(options) : '';
      run();
      const values = read('Kakao.init', settings);
      const outcome = newOutcome(options, values);
      const keyText = String(key);
      const legacyKey = legacyTokenKey(keyText);
      go('init', {
        appKey: keyText,
        options: { ...plainValues(values), ...environment(), extraKey, legacyKey },
        settle: outcome.settle,
      });
      const legacyToken = readLegacyToken(keyText);
      if (legacyToken !== undefined) go('adoptLegacy', { token: legacyToken });
      appKey = key;
      initialized = true;
      Object.assign(Kakao, { Auth, API });
      window.addEventListener('kakao:renew', onRenew);
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
      go('cleanup');
      appKey = null;
      initialized = false;
      window.removeEventListener('kakao:renew', onRenew);
      theirs.cleanup?.call(Kakao);
    },
  });
}

/** The settings of a login, for Go. Where a call has no persistAccessToken, the token is kept. */
const authSettings = (values) => ({ persistAccessToken: true, ...plainValues(values) });

/** Whether KakaoTalk's in-app browser offers a login without leaving the page. */
function hasBridge() {
  try {
    return typeof window.kakaoweb.reqSignInLocation === 'function';
  } catch {
    return false;
  }
}

/** A value as text, whatever the page has made of it. */
function textOf(value) {
  try {
    return String(value);
  } catch {
    return '';
  }
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
    const value = reading(name, 'Kakao.init', () => settings[name]);
    if (value !== undefined) options[name] = value;
    else if (ADDRESSES.includes(name) && defaults[name]) options[name] = defaults[name];
  }
  const unknown = reading('', 'Kakao.init', () => Object.keys(settings)).filter((name) => !INIT_OPTIONS.includes(name));
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
    touchPoints: navigator.maxTouchPoints || 0,
  };
}
