// Kakao.Auth: the legacy SDK's functions, arguments and moments. What happens behind them is Go.

import { describe, illegalArgument, kakaoError } from './error.js';
import { putLoginButton } from './button.js';
import { ofDocument } from './environment.js';
import { newOutcome } from './outcome.js';
import { randomBytes } from './prerequisites.js';
import { plainValues, reading, tagOf, textOf } from './settings.js';

/** How many random bytes a call takes; Go refuses one that brings fewer. */
const RANDOM_BYTES = 124;

/** Random bytes, as characters up to 255. */
const random = () => ['random', String.fromCharCode(...randomBytes(RANDOM_BYTES))];

/** The settings of a login, for Go. Where a call has no persistAccessToken, the token is kept. */
const authSettings = (/** @type {object} */ values) => ({ __proto__: null, persistAccessToken: true, ...plainValues(values) });

/**
 * Where a window of that length begins to stand in the middle of the screen, by the formula of the legacy
 * SDK. It may have a fraction of a half.
 * @param {'screenLeft'|'screenTop'} offset
 * @param {'width'|'height'} side
 * @param {number} length
 */
const centre = (offset, side, length) => String(screen[side] / 2 - length / 2 + (window[offset] || 0) || 0);

/** What Go must know to open a login's window. */
const windowFacts = () => [...random(), 'left', centre('screenLeft', 'width', 480), 'top', centre('screenTop', 'height', 700)];

/** Whether KakaoTalk's in-app browser offers a login without leaving the page. */
function hasBridge() {
  try {
    return typeof /** @type {any} */ (window).kakaoweb.reqSignInLocation === 'function';
  } catch {
    return false;
  }
}

/**
 * Whether going to address would run it as a script.
 * @param {unknown} address
 */
function isScript(address) {
  try {
    return new URL(String(address), location.origin).protocol === 'javascript:';
  } catch {
    return false;
  }
}

/**
 * Makes Kakao.Auth.
 * @param {import('./kakao.js').SDK} sdk
 */
export function newAuth({ call, read, appKey }) {
  /** A token that is no string, with the text that Go has instead. @type {{token: unknown, text: string}|undefined} */
  let odd;

  /**
   * Begins a login; prompts is what the two variants of Auth.login ask for.
   * @param {unknown} settings
   * @param {any} values
   * @param {string} [prompts]
   */
  function login(settings, values, prompts) {
    const plain = { ...authSettings(values), __proto__: null, ...(prompts && { prompts }) };
    const outcome = newOutcome(settings, values);
    call('login', [...windowFacts(), 'href', location.href], { outcome, settings: plain, atOnce: prompts === 'none' });
    return outcome.promise;
  }

  /**
   * Opens a shipping-address window.
   * @param {string} name
   * @param {string} path
   * @param {unknown} settings
   */
  function openAddress(name, path, settings) {
    const values = read(name, settings);
    const outcome = newOutcome(settings, values);
    const id = values.addressId === undefined ? '' : String(values.addressId);
    call('address', [...random(), 'path', path, 'addressId', id], { outcome, settings: plainValues(values) });
    return outcome.promise;
  }

  return {
    /**
     * Logs in through a popup. Call it inside a click.
     * @param {object} [settings] see index.d.ts, as for all functions here
     * @returns {Promise<object>} the token response, as success gets it
     */
    login(settings) {
      return login(settings, read('Auth.login', settings));
    },

    /**
     * Logs in like login, and has the user enter a password whatever the browser remembers.
     * @param {object} [settings]
     */
    loginForm(settings) {
      return login(settings, read('Auth.loginForm', settings), 'login');
    },

    /**
     * Logs in without a dialog, inside KakaoTalk.
     * @param {object} [settings]
     */
    autoLogin(settings) {
      return login(settings, read('Auth.autoLogin', settings), 'none');
    },

    /**
     * Leads to the consent page: in this window, in a popup or in KakaoTalk.
     * @param {object} [settings]
     * @returns {false|undefined} false if an automatic login is not possible here
     */
    authorize(settings) {
      const values = read('Auth.authorize', settings);
      const facts = [
        ...windowFacts(), 'href', location.href,
        'script', isScript(values.redirectUri) ? 1 : '', 'bridge', hasBridge() ? 1 : '',
      ];
      const outcome = newOutcome(settings, values);
      const { value } = call('authorize', facts, { outcome, settings: authSettings(values), atOnce: true });
      return value === 'false' ? false : undefined;
    },

    /**
     * Exchanges the code that the page's redirect URI received, through the token server.
     * @param {object} settings
     * @returns {Promise<object>} the token response
     */
    issueAccessToken(settings) {
      const { code, redirectUri, codeVerifier = '', ...callbacks } = read('Auth.issueAccessToken', settings);
      const outcome = newOutcome(settings, callbacks);
      call('issue', ['code', code, 'redirectUri', redirectUri, 'codeVerifier', codeVerifier], { outcome });
      return outcome.promise;
    },

    /**
     * Puts a login button into settings.container: a CSS selector or an element.
     * @param {object} settings
     */
    createLoginButton(settings) {
      const values = read('Auth.createLoginButton', settings);
      const { container } = values;
      const element = typeof container === 'string' ? ofDocument('querySelector', container) : container;
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
      const outcome = newOutcome(undefined, { always: callback });
      call('logout', [], { outcome });
      return outcome.promise;
    },

    /**
     * Tells whether the user is logged in.
     * @param {Function} [callback]
     * @returns {Promise<{status: 'connected'|'not_connected', user?: object}>}
     */
    getStatusInfo(callback) {
      if (callback !== undefined && typeof callback !== 'function') {
        throw illegalArgument('Auth.getStatusInfo', callback);
      }
      const outcome = newOutcome(undefined, { always: callback });
      call('status', [], { outcome, atOnce: true });
      return outcome.promise;
    },

    /** @returns {string|null} the access token */
    getAccessToken() {
      const { value } = call('getAccessToken');
      return odd && value === odd.text ? /** @type {any} */ (odd.token) : value;
    },

    /**
     * Sets the access token that the page got by itself; null removes it. The second argument tells whether
     * to keep it beyond the page; true if left out.
     * @param {string|null} token
     */
    setAccessToken(token) {
      const persist = arguments[1] !== false; // the legacy function's length is 1
      const text = token === null ? null : textOf(token || ''); // so the legacy SDK kept undefined, 0, ...
      odd = typeof token === 'string' || text === null ? undefined : { token, text };
      const unset = appKey() === null;
      const fault = persist && (unset ? "null (reading 'words')" : odd && token && "undefined (reading 'length')");
      call('setAccessToken', [...(text === null ? [] : ['token', text]), 'persist', persist && !fault ? 1 : '']);
      if (!fault) return;
      throw describe(new TypeError(`Cannot read properties of ${fault}`), {
        code: 'illegal_parameter',
        hint: unset ? 'call Kakao.init first' : `pass a string instead of ${tagOf(token)}`,
      });
    },

    /** Unsupported, as in the legacy SDK: the refresh token stays on the token server. */
    getRefreshToken() {
      console.error('unsupported operation: Auth.getRefreshToken()');
      return '';
    },

    /**
     * Unsupported, as in the legacy SDK.
     * @param {unknown} _token
     */
    setRefreshToken(_token) {
      console.error('unsupported operation: Auth.setRefreshToken()');
    },

    /** @returns {string|null} the app key given to init; null after cleanup */
    getAppKey() {
      return appKey();
    },

    /**
     * Opens a window in which the user chooses a shipping address.
     * @param {object} [settings]
     */
    selectShippingAddress(settings) {
      return openAddress('Auth.selectShippingAddress', '/user/address', settings);
    },

    /**
     * Opens a window in which the user adds a shipping address.
     * @param {object} [settings]
     */
    createShippingAddress(settings) {
      return openAddress('Auth.createShippingAddress', '/user/create/address', settings);
    },

    /**
     * Opens a window in which the user changes the shipping address settings.addressId.
     * @param {object} settings
     */
    updateShippingAddress(settings) {
      return openAddress('Auth.updateShippingAddress', '/user/edit/address', settings);
    },

    /** Ends the logins and windows under way; nobody hears of them any more. */
    cleanup() {
      call('authCleanup');
    },
  };
}
