// A fake Kakao for unit tests: the functions and types of the real one, without wasm, network or windows. Every call is
// noted, logs in at once, and answers what the test says.

import { putLoginButton } from './button.js';
import { kakaoError } from './error.js';
import { newOutcome } from './outcome.js';

/** Who logs in if a test says nothing. */
const USER = { id: 1000000001, connected_at: '2026-01-01T00:00:00Z', kakao_account: { profile: { nickname: 'Test' } } };

const EXPIRES_IN = 21599; // seconds, as Kakao answers

/** What a call without an access token fails with (Kakao Developers, REST API, Error code). */
const NO_TOKEN = { code: -401, msg: 'this access token does not exist' };

const LOGINS = ['login', 'loginForm', 'autoLogin', 'issueAccessToken'];
const ADDRESSES = ['selectShippingAddress', 'createShippingAddress', 'updateShippingAddress'];

/**
 * The state of a fake: who is logged in, what was called, and what calls answer.
 * @param {any} user
 */
function newState(user) {
  let logins = 0;
  const state = {
    /** @type {string|null} */ appKey: null,
    /** @type {string|null} */ token: null,
    user,
    /** @type {{name: string, settings: any}[]} */ calls: [],
    /** @type {Map<string, {ok: boolean, value: any}>} */ answers: new Map(),

    /**
     * Changes the token, and tells the page.
     * @param {string|null} token
     */
    setToken(token) {
      if (token === state.token) return;
      state.token = token;
      const detail = { status: token === null ? 'removed' : 'set', expires_in: token === null ? undefined : EXPIRES_IN };
      if (typeof window !== 'undefined') window.dispatchEvent(new CustomEvent('kakao:token', { detail }));
    },

    /** Logs the user in, and returns the token response. */
    logIn() {
      logins++;
      state.setToken(`fake-access-token-${logins}`);
      return { token_type: 'bearer', access_token: state.token, expires_in: EXPIRES_IN, scope: 'profile_nickname' };
    },

    reset() {
      Object.assign(state, { appKey: null, user, calls: [], answers: new Map() });
      state.setToken(null);
    },
  };
  return state;
}

/**
 * Notes a call, which needs init as the real one does.
 * @param {ReturnType<typeof newState>} state
 * @param {string} name
 * @param {any} [settings]
 */
function note(state, name, settings) {
  if (state.appKey === null) {
    throw new TypeError(`Kakao.${name} was called before Kakao.init, where the real Kakao has no ${name.split('.')[0]}; call Kakao.init first`);
  }
  state.calls.push({ name, settings });
}

/**
 * Ends a call as the test has said, or else as usual.
 * @param {ReturnType<typeof newState>} state
 * @param {string} name what the test calls it: Auth.login, or an address
 * @param {any} settings
 * @param {() => {ok: boolean, value: any}} usual
 */
function end(state, name, settings, usual) {
  const outcome = newOutcome(settings, settings);
  queueMicrotask(() => {
    const said = state.answers.get(name);
    const { ok, value } = said ?? usual();
    outcome.settle(ok, typeof value === 'function' ? value(settings) : value);
  });
  return outcome.promise;
}

/** @param {ReturnType<typeof newState>} state */
function newAuth(state) {
  const login = (/** @type {string} */ name) => (/** @type {any} */ settings = {}) => {
    note(state, name, settings);
    return end(state, name, settings, () => ({ ok: true, value: state.logIn() }));
  };
  const address = (/** @type {string} */ name) => (/** @type {any} */ settings = {}) => {
    note(state, name, settings);
    return end(state, name, settings, () => ({ ok: true, value: { address_id: 1 } }));
  };
  const named = (/** @type {string[]} */ names, /** @type {(name: string) => any} */ make) => Object.fromEntries(names.map((name) => [name, make(`Auth.${name}`)]));

  return {
    ...named(LOGINS, login),
    ...named(ADDRESSES, address),

    /** Leads nowhere: a test looks at the call. */
    authorize(/** @type {any} */ settings = {}) {
      note(state, 'Auth.authorize', settings);
    },

    createLoginButton(/** @type {any} */ settings) {
      note(state, 'Auth.createLoginButton', settings);
      const { container, lang = 'kr', size = 'medium' } = settings;
      const element = typeof container === 'string' ? document.querySelector(container) : container;
      if (!element) throw kakaoError('container is required for Kakao login button: pass in element or id', 'illegal_parameter', `no element matches ${container}`);
      putLoginButton(element, { lang, size }, () => login('Auth.login')(settings));
    },

    logout(/** @type {any} */ callback) {
      note(state, 'Auth.logout');
      return end(state, 'Auth.logout', { always: callback }, () => {
        state.setToken(null);
        return { ok: true, value: true };
      });
    },

    getStatusInfo(/** @type {any} */ callback) {
      note(state, 'Auth.getStatusInfo');
      return end(state, 'Auth.getStatusInfo', { always: callback }, () => ({
        ok: true, value: state.token === null ? { status: 'not_connected' } : { status: 'connected', user: state.user },
      }));
    },

    getAccessToken() {
      note(state, 'Auth.getAccessToken');
      return state.token;
    },

    setAccessToken(/** @type {string|null} */ token) {
      note(state, 'Auth.setAccessToken', token);
      state.setToken(token || null);
    },

    getRefreshToken: () => '',
    setRefreshToken() {},
    getAppKey: () => state.appKey,
    cleanup() {},
  };
}

/** @param {ReturnType<typeof newState>} state */
function newAPI(state) {
  return {
    request(/** @type {any} */ settings) {
      note(state, 'API.request', settings);
      const { url } = settings;
      if (url !== '/v2/user/me' && !state.answers.has(url)) {
        throw new Error(`kakaowasm/testing: expected an answer for ${url}; give one with Kakao.fake.answer('${url}', …)`);
      }
      if (state.token === null && !state.answers.has(url)) return end(state, url, settings, () => ({ ok: false, value: NO_TOKEN }));
      return end(state, url, settings, () => ({ ok: true, value: state.user }));
    },
    cleanup() {},
  };
}

/**
 * Makes a fake Kakao that nobody is logged in to.
 * @param {{user?: object}} [options] user is who logs in, as /v2/user/me answers
 * @returns {any} Kakao with `fake`, by which a test says what happens; see testing.d.ts
 */
export function createFakeKakao({ user = USER } = {}) {
  const state = newState(user);
  return {
    VERSION: __KAKAOWASM_VERSION__,
    Auth: newAuth(state),
    API: newAPI(state),

    init(/** @type {string} */ key, /** @type {any} */ options = {}) {
      if (typeof key !== 'string') throw kakaoError('Kakao.init: App key must be provided', 'missing_parameter', "pass the app's JavaScript key");
      if (state.appKey !== null) {
        if (options.idempotent === true && key === state.appKey) return;
        throw kakaoError('Kakao.init: Already initialized', 'already_initialized', 'call Kakao.cleanup first');
      }
      state.appKey = key;
      state.calls.push({ name: 'init', settings: options });
    },
    isInitialized: () => state.appKey !== null,
    cleanup() {
      state.appKey = null;
    },
    async load() {
      return this;
    },

    fake: {
      get calls() {
        return state.calls;
      },
      answer(/** @type {string} */ name, /** @type {any} */ value) {
        state.answers.set(name, { ok: true, value });
      },
      fail(/** @type {string} */ name, /** @type {any} */ value) {
        state.answers.set(name, { ok: false, value });
      },
      logIn(/** @type {any} */ who) {
        if (who) state.user = who;
        state.logIn();
      },
      logOut: () => state.setToken(null),
      reset: () => state.reset(),
    },
  };
}

/** A fake that is ready: for a test runner that puts this module in the place of kakaowasm. */
export const Kakao = createFakeKakao();

export default Kakao;
