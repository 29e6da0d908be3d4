// What a page shows of the SDK, as a store: whether it has started, who is logged in, and what went wrong last. React, Vue
// and Svelte read it; it knows none of them. A Kakao object has one store, however many providers and components there are.

import { failure } from './failure.js';

/** What a server renders, and a page before it has asked. */
export const INITIAL = Object.freeze({ ready: false, status: 'loading', user: null, pending: false, error: null });

/** The error of settings that differ from those of Kakao.init, which takes them once. */
const CHANGED = {
  code: 'already_initialized',
  message: 'Kakao.init has run on this page with another app key, server, host or restoreSession',
  hint: 'give all providers of a page the same settings, and reload the page to change them',
};

/** The error of a call that comes too early. */
const NOT_STARTED = {
  code: 'not_started',
  message: 'login or logout was called before Kakao.init',
  hint: 'call them in a click or in an effect, with the provider or plugin in place',
};

/** @type {WeakMap<object, Store>} */
const stores = new WeakMap();

/** @typedef {ReturnType<typeof newStore>} Store */
/** @typedef {{ready: boolean, status: string, user: any, pending: boolean, error: ReturnType<typeof failure>|null}} State */

/**
 * The store of a Kakao object.
 * @param {any} Kakao
 */
export function storeOf(Kakao) {
  const store = stores.get(Kakao) ?? newStore(Kakao);
  stores.set(Kakao, store);
  return store;
}

/** @param {any} Kakao */
function newStore(Kakao) {
  /** @type {Readonly<State>} */
  let state = INITIAL;
  /** @type {Set<() => void>} */
  const listeners = new Set();
  /** The calls under way by kind; of several of a kind the last one counts. @type {Map<string, Promise<any>>} */
  const working = new Map();
  /** What start was called with last; the callbacks of init are those. @type {{appKey: string, options: any}|undefined} */
  let given;
  /** What Kakao.init was called with. @type {Record<string, unknown>|undefined} */
  let tried;
  /** The token whose user was asked for. @type {string|null|undefined} */
  let asked;
  /** Why it is not known who is logged in. @type {unknown} */
  let unanswered;

  /** @param {Partial<State>} changes */
  function change(changes) {
    state = Object.freeze({ ...state, ...changes, pending: working.size > 0 });
    for (const listener of [...listeners]) listener();
  }

  /**
   * Follows a call to its end.
   * @param {string} kind
   * @param {Promise<any>} promise
   * @param {(answer: any) => Partial<State>} succeeded
   * @param {(error: any) => Partial<State>} [failed]
   */
  function follow(kind, promise, succeeded, failed) {
    const end = (/** @type {() => Partial<State>} */ changes) => {
      if (working.get(kind) !== promise) return;
      working.delete(kind);
      change(changes());
    };
    working.set(kind, promise);
    promise.then((answer) => end(() => succeeded(answer)), (error) => end(() => ({ ...failed?.(error), error: failure(error) })));
    change({});
    return promise;
  }

  /**
   * Makes an exception of the SDK, such as of a wasm that has died, an error that is shown: a component that is not clicked on
   * must not fall for it.
   * @param {(...args: any[]) => void} action
   */
  function guarded(action) {
    return (/** @type {any[]} */ ...args) => {
      try {
        action(...args);
      } catch (error) {
        refuse(error);
      }
    };
  }

  /** Asks who is logged in. A login in memory has its token later: getStatusInfo waits for it. */
  function ask() {
    asked = Kakao.Auth.getAccessToken();
    const answer = asked === null
      ? Kakao.Auth.getStatusInfo().then((/** @type {any} */ { user }) => user ?? null)
      : Kakao.API.request({ url: '/v2/user/me' });
    return follow('user', answer, (user) => ({
      status: user ? 'signed-in' : 'signed-out', user, error: state.error?.cause === unanswered ? null : state.error,
    }), (error) => {
      unanswered = error;
      const refused = error.code === -401 || Kakao.Auth.getAccessToken() === null;
      return { status: refused ? 'signed-out' : 'signed-in', user: null };
    });
  }

  /** Brings the state up to the SDK, which may have gone on alone. */
  const catchUp = guarded(() => {
    if (!Kakao.isInitialized()) return;
    if (!state.ready) change({ ready: true });
    if (Kakao.Auth.getAccessToken() !== asked) ask();
  });

  const onToken = guarded((/** @type {any} */ { detail }) => {
    if (!Kakao.isInitialized()) return;
    if (detail.status === 'removed') {
      asked = null;
      working.delete('user');
      change({ status: 'signed-out', user: null, error: null });
    } else if (detail.status === 'set' || state.user === null) {
      ask();
    } else {
      asked = Kakao.Auth.getAccessToken();
    }
  });

  /** A login that this page load did not begin, or the page by itself. @param {any} event */
  function onLogin({ detail }) {
    if (!working.has('login')) change({ error: detail.status === 'fail' ? failure(detail) : null });
  }

  function attach() {
    if (typeof window === 'undefined') return;
    window.addEventListener('kakao:token', onToken);
    window.addEventListener('kakao:login', onLogin);
  }

  function detach() {
    if (typeof window === 'undefined') return;
    window.removeEventListener('kakao:token', onToken);
    window.removeEventListener('kakao:login', onLogin);
  }

  function init() {
    const { appKey, options } = /** @type {{appKey: string, options: any}} */ (given);
    const callbacks = ['success', 'fail', 'always'].map((name) => [name, (/** @type {any} */ answer) => given?.options[name]?.(answer)]);
    tried = lasting(appKey, options);
    try {
      Kakao.init(appKey, { ...options, ...Object.fromEntries(callbacks), idempotent: true });
    } catch (error) {
      refuse(error);
      return;
    }
    if (state.error) change({ error: null });
    catchUp();
  }

  /** Shows an error of the setup, in the console too: a page may show none. @param {any} cause */
  function refuse(cause) {
    const error = failure(cause);
    if (state.error?.message === error.message) return;
    console.error(`kakaowasm: ${error.message}${error.hint ? `; ${error.hint}` : ''}`);
    change({ error });
  }

  /**
   * Runs a call of Auth in this very task, so that a popup opens inside the click.
   * @param {(Auth: any) => Promise<any>} call
   */
  function withAuth(call) {
    if (!Kakao.isInitialized() && given) init(); // what failed for want of memory may work now
    if (Kakao.isInitialized()) return call(Kakao.Auth);
    if (!state.error) refuse(NOT_STARTED);
    const refused = Promise.reject(state.error?.cause);
    refused.catch(() => {}); // silent where nobody listens, as the SDK's own
    return refused;
  }

  return {
    Kakao,
    snapshot: () => state,

    /**
     * Calls listener after each change, until the function that it returns is called.
     * @param {() => void} listener
     */
    subscribe(listener) {
      if (listeners.size === 0) attach();
      listeners.add(listener);
      catchUp();
      return () => {
        listeners.delete(listener);
        if (listeners.size === 0) detach();
      };
    },

    /**
     * Starts the SDK, once; what it is called with later only tells which callbacks count.
     * @param {string} appKey the app's JavaScript key
     * @param {any} options those of Kakao.init
     */
    start(appKey, options) {
      given = { appKey, options };
      const wanted = lasting(appKey, options);
      if (!tried || differs(wanted, tried) && !Kakao.isInitialized()) init();
      else if (differs(wanted, tried)) refuse(CHANGED);
    },

    /** @param {any} [settings] those of Auth.login; the event of a click, whose handler this may be, is none */
    login: (settings) => withAuth((Auth) => follow('login', Auth.login(settings?.preventDefault ? {} : { ...settings }), () => ({ error: null }))),

    logout: () => withAuth((Auth) => follow('logout', Auth.logout(), () => ({}))),

    /** Asks again who is logged in, after a failure or a change of the account. */
    async reload() {
      if (!Kakao.isInitialized()) return;
      await ask().catch(() => {});
    },
  };
}

/**
 * What of the settings Kakao.init takes once.
 * @param {string} appKey
 * @param {any} options
 * @returns {Record<string, unknown>}
 */
const lasting = (appKey, { server, authHost, apiHost, restoreSession }) => ({ appKey, server, authHost, apiHost, restoreSession });

/**
 * Whether settings ask for something else. What is left out asks for nothing.
 * @param {Record<string, unknown>} wanted
 * @param {Record<string, unknown>} had
 */
const differs = (wanted, had) => Object.entries(wanted).some(([name, value]) => value !== undefined && value !== had[name]);
