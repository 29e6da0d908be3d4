// The JavaScript side of the border to Go (jsbridge is the other side). Go must
// never meet an exception, so everything here answers instead of throwing. The
// page's functions run only after Go has returned; a page that replaces fetch or
// the like may still call the SDK from there.

import { describe as addDetails } from './error.js';
import { instantiate } from './glue.js';

/** What API requests fail with when there was no readable answer. */
const UNKNOWN_ERROR = { code: -777, msg: 'Unknown error' };

/** How much of a hint a page gets, in UTF-16 units: it is the text of a server. */
const MAX_HINT = 300;

/** An action's result in the form that jsbridge reads: [value], or [undefined, name, message]. */
function outcome(action) {
  try {
    return [action()];
  } catch (error) {
    return [undefined, ...describe(error)];
  }
}

function describe(error) {
  try {
    return [String(error.name), String(error.message)];
  } catch {
    return ['Error', 'an exception without a readable message'];
  }
}

/** Reports an exception of the page's own code to the page, as if nobody had caught it. */
export function report(error) {
  if (typeof reportError === 'function') reportError(error);
  else setTimeout(() => { throw error; });
}

/**
 * Starts Go and returns the function that calls into it.
 * @param {WebAssembly.Module} module the compiled SDK
 * @param {(error: object) => Error} makeError makes the error that a refused call throws
 * @returns {(method: string, call?: object, atOnce?: boolean) => unknown} calls a method of package
 *   wasm; throws what Go refuses the call with. An answer that Go has at once is heard before the
 *   call returns only where atOnce says so
 */
export function start(module, makeError) {
  let dispatch;
  let refusal; // what Go refuses the running call with
  let depth = 0; // calls into Go under way
  const later = []; // the page's functions, waiting for Go to return

  function runPageCode() {
    while (later.length && depth === 0) later.shift()();
  }

  function defer(job) {
    later.push(job);
    if (depth === 0) queueMicrotask(runPageCode);
  }

  const real = (target) => (target === sandbox ? globalThis : target);

  const host = {
    unknownError: UNKNOWN_ERROR,
    call: (target, method, ...args) => outcome(() => real(target)[method](...args)),
    construct: (constructor, ...args) => outcome(() => new constructor(...args)),
    get: (target, name) => outcome(() => real(target)[name]),
    keep: (value) => value,
    object(...fields) {
      const made = {};
      for (let i = 0; i < fields.length; i += 2) made[fields[i]] = fields[i + 1];
      return made;
    },
    failure: (hint, ...fields) => addDetails(host.object(...fields), { hint: hint.slice(0, MAX_HINT) }),
    deadline,
    settle(promise, done) {
      Promise.resolve(promise).then((value) => done(value), (error) => done(undefined, ...describe(error)));
    },
    lock,
    centre: (offset, side, length) => String(screen[side] / 2 - length / 2 + (window[offset] || 0) || 0),
    warn: (text) => console.warn(`KakaoWarning: ${text}`),
    submit: submitForm,
    addFrame,
    askBridge(query, done) {
      defer(() => askBridge(query).then(done, () => done()));
    },
    raise(name, message, code, param, hint) {
      refusal = makeError({ name, message, code, param, hint });
    },
    announce(status, seconds) {
      const detail = { status, expires_in: seconds };
      defer(() => window.dispatchEvent(new CustomEvent('kakao:token', { detail })));
    },
    ready(fn) {
      dispatch = fn;
    },
  };

  const sandbox = instantiate(module, host);

  return function invoke(method, call = {}, atOnce = false) {
    const outer = refusal; // of a call whose browser function the page has replaced by one that calls us
    refusal = undefined;
    depth++;
    try {
      const settle = (...answer) => (atOnce ? defer : queueMicrotask)(() => call.settle(...answer));
      const value = dispatch(method, { ...call, settle });
      if (refusal) throw refusal;
      return value;
    } finally {
      refusal = outer;
      depth--;
      runPageCode();
    }
  };
}

/**
 * Waits for the Web Lock of that name.
 * @returns {Promise<{waited: boolean, release: () => void}>} waited tells whether another tab held it
 */
function lock(name) {
  return new Promise((grant) => {
    const { locks } = navigator;
    if (!locks) return grant({ waited: false, release() {} });
    const hold = (waited) => new Promise((release) => grant({ waited, release }));
    const forbidden = () => grant({ waited: false, release() {} }); // in a page without an origin
    locks.request(name, { ifAvailable: true }, (free) => {
      if (free) return hold(false);
      locks.request(name, () => hold(true)).catch(forbidden);
    }).catch(forbidden);
  });
}

/**
 * Sends a form to a window.
 * @param {string[]} fields a flat list of names and values
 */
function submitForm(action, target, ...fields) {
  const form = document.createElement('form');
  Object.assign(form, { method: 'post', action, target, hidden: true });
  for (let i = 0; i < fields.length; i += 2) {
    const input = document.createElement('input');
    Object.assign(input, { type: 'hidden', name: fields[i], value: fields[i + 1] });
    form.append(input);
  }
  (document.body ?? document.documentElement).append(form);
  HTMLFormElement.prototype.submit.call(form); // a field may be named submit
  form.remove();
}

/** Adds an invisible frame, which other windows find by its name. */
function addFrame(name, src) {
  const frame = document.createElement('iframe');
  Object.assign(frame, { name, id: name, src });
  frame.style.cssText = 'border:none; width:0; height:0; display:none; overflow:hidden;';
  (document.body ?? document.documentElement).append(frame);
  return frame;
}

/** Asks KakaoTalk's in-app browser for a login, and reads the address that it answers with. */
async function askBridge(query) {
  const address = await window.kakaoweb.reqSignInLocation(query);
  return Object.fromEntries(new URL(address).searchParams);
}

/** The signal that ends a request after that many milliseconds. */
function deadline(milliseconds) {
  const controller = new AbortController();
  setTimeout(() => controller.abort(), milliseconds);
  return controller.signal;
}
