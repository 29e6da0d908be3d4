// Svelte: a store of who is logged in. It needs nothing of Svelte but the contract of its stores.

import Kakao from 'kakaowasm';
import { INITIAL, storeOf } from './store.js';

/**
 * Makes the store. The first component that reads it starts the SDK, in a browser.
 * @param {any} settings those of Kakao.init, appKey, and Kakao to hand in another object, such as a fake
 */
export function createKakao({ appKey, Kakao: own = Kakao, ...options }) {
  const store = storeOf(own);
  const { login, logout, reload } = store;
  let started = false;

  return {
    Kakao: own, login, logout, reload,

    /**
     * Calls run with the state, and after each change, until the function that it returns is called.
     * @param {(state: import('./store.js').State) => void} run
     */
    subscribe(run) {
      run(started ? store.snapshot() : INITIAL);
      if (typeof window === 'undefined') return () => {};
      const stop = store.subscribe(() => run(store.snapshot()));
      if (!started) queueMicrotask(() => store.start(appKey, options)); // after the page that a server has rendered is taken over
      started = true;
      return stop;
    },
  };
}
