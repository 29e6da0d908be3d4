import { report } from './host.js';

/** What a promise gets whose window the user, or another call, has closed. */
export const WINDOW_CLOSED = { error: 'popup_closed', error_description: 'The window was closed before it answered.' };

/**
 * The two ways in which a page hears the end of a call: the callbacks in its settings, and a promise.
 * Callbacks come first, `success` or `fail`, then `always`; a callback that throws is reported to the
 * page and keeps nothing from settling. A rejection that nobody listens to stays silent.
 * @param {object} settings the page's own object, which is `this` in the callbacks
 * @param {object} callbacks the functions that were read from it
 */
export function newOutcome(settings, callbacks) {
  let settlePromise;
  const promise = new Promise((resolve, reject) => {
    settlePromise = (ok, answer) => (ok ? resolve(answer) : reject(answer));
  });
  promise.catch(() => {});
  const run = (callback, ...answer) => {
    if (typeof callback !== 'function') return;
    try {
      callback.apply(settings, answer);
    } catch (error) {
      report(error);
    }
  };
  return {
    promise,
    settle(ok, answer) {
      run(ok ? callbacks.success : callbacks.fail, answer);
      run(callbacks.always, answer);
      settlePromise(ok, answer);
    },
    /** Ends the call for the promise alone. */
    reject(error) {
      settlePromise(false, error);
      return promise;
    },
    /** The user closed a window that has a callback of its own for that. */
    close() {
      run(callbacks.close);
      this.reject(WINDOW_CLOSED);
    },
  };
}
