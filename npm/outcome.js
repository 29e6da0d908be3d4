/** What a promise gets whose window the user, or another call, has closed. */
const WINDOW_CLOSED = { error: 'popup_closed', error_description: 'The window was closed before it answered.' };

/**
 * Reports an exception of the page's own code to the page, as if nobody had caught it.
 * @param {unknown} error
 */
export function report(error) {
  if (typeof reportError === 'function') reportError(error);
  else setTimeout(() => { throw error; });
}

/**
 * The two ways in which a page hears the end of a call: the callbacks in its settings, and a promise.
 * Callbacks come first, `success` or `fail`, then `always`; a callback that throws is reported to the
 * page and keeps nothing from settling. A rejection that nobody listens to stays silent.
 * @param {unknown} settings the page's own object, which is `this` in the callbacks
 * @param {{success?: unknown, fail?: unknown, always?: unknown, close?: unknown}} callbacks what was read from it
 */
export function newOutcome(settings, callbacks) {
  /** @type {(ok: boolean, answer?: any) => void} */
  let settlePromise = () => {};
  /** @type {Promise<any>} */
  const promise = new Promise((resolve, reject) => {
    settlePromise = (ok, answer) => (ok ? resolve(answer) : reject(answer));
  });
  promise.catch(() => {});

  /**
   * @param {unknown} callback
   * @param {unknown[]} answer
   */
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
    /**
     * Ends the call.
     * @param {boolean} ok
     * @param {unknown} answer
     */
    settle(ok, answer) {
      run(ok ? callbacks.success : callbacks.fail, answer);
      run(callbacks.always, answer);
      settlePromise(ok, answer);
    },
    /**
     * Ends the call for the promise alone.
     * @param {unknown} error
     */
    reject(error) {
      settlePromise(false, error);
      return promise;
    },
    /** Another call has taken the window: an end for the promise alone. */
    abandon() {
      settlePromise(false, WINDOW_CLOSED);
    },
    /** The user closed a window that has a callback of its own for that. */
    close() {
      run(callbacks.close);
      settlePromise(false, WINDOW_CLOSED);
    },
  };
}
