// Carries out what Go wants done. It decides nothing. The page's code may run in any of these actions (a
// replaced open or fetch, a listener, a setter), and may call the SDK from there: Go has returned, its state
// is complete, and such a call is handled at once.

import { describe, makeError } from './error.js';
import { ofDocument } from './environment.js';
import { crashError } from './prerequisites.js';
import { own } from './settings.js';
import { textCoding } from './textcoding.js';

/** @typedef {import('./border.js').Command} Command */
/** @typedef {ReturnType<import('./outcome.js').newOutcome>} Outcome */
/** A call of the page that answers later. @typedef {{outcome: Outcome, atOnce: boolean, form?: FormData, kept?: unknown}} Call */
/** What the running call of the page returns or throws. @typedef {{call: number, list: string[], value: string|null, error?: unknown}} Frame */
/** The data of a command: its names and values, and what follows the name that begins a list. @typedef {Record<string, string> & {rest?: string[]}} Data */

/** What API requests fail with when there was no readable answer. */
const UNKNOWN_ERROR = { code: -777, msg: 'Unknown error' };

/** How much of a hint a page gets, in UTF-16 units: it is the text of a server. */
const MAX_HINT = 300;

/** The longest that setTimeout can wait. */
const MAX_TIMEOUT = 2 ** 31 - 1;

/** The names after which a command's data are a list. */
const LISTS = ['fields', 'headers'];

/**
 * @param {string[]} list
 * @returns {Data}
 */
function dataOf(list) {
  /** @type {any} */
  const data = Object.create(null);
  for (let i = 0; i < list.length; i += 2) {
    if (LISTS.includes(list[i])) {
      data.rest = list.slice(i + 2);
      break;
    }
    data[list[i]] = list[i + 1];
  }
  return data;
}

/**
 * An object of names and values in turn.
 * @param {string[]} [list]
 * @returns {Record<string, any>}
 */
function objectOf(list = []) {
  /** @type {Record<string, any>} */
  const made = {};
  for (let i = 0; i < list.length; i += 2) made[list[i]] = list[i + 1];
  return made;
}

/**
 * What action returns; a fallback where it throws.
 * @template T, F
 * @param {() => T} action
 * @param {F} fallback
 */
function attempt(action, fallback) {
  try {
    return action();
  } catch {
    return fallback;
  }
}

/** @param {any} value @returns {boolean} */
const isObject = (value) => typeof value === 'object' && value !== null;

/**
 * The members of an object that are strings, as names and values in turn.
 * @param {any} object
 * @param {string[]} names
 */
const texts = (object, names) => names.flatMap((name) => {
  const value = own(object, name);
  return typeof value === 'string' ? [name, value] : [];
});

/** What an answer holds for the page that a login began: of the relay page, and of the token server. */
const ANSWER = ['state', 'code', 'error', 'error_description', 'error_code', 'hint'];

/**
 * What Go must know of an answer, by the kind of the request: names and values in turn.
 * @type {Record<string, (body: any, response: Response) => unknown[]>}
 */
const readers = {
  api: (_body, _response) => [],

  token(body) {
    if (!isObject(body)) return [];
    delete body.refresh_token; // no server should have sent it, and no page gets it
    const lifetime = own(body, 'expires_in');
    const seconds = typeof lifetime === 'number' ? Math.trunc(lifetime) : lifetime;
    return [...texts(body, ['access_token', 'id_token', ...ANSWER]), 'expires_in', seconds ?? '', 'nonce', nonceOf(own(body, 'id_token'))];
  },

  code(body) {
    if (!isObject(body)) return [];
    const { status, code, error, error_code: number, error_description: description } = /** @type {any} */ ({ __proto__: null, ...body });
    return [
      'outcome', status, 'code', code ? String(code) : '', 'error', String(error), 'error_description', String(description),
      'number', number ? JSON.stringify(number) : '', 'failed', error ? 1 : '',
    ];
  },

  policy: (_body, response) => [
    'policy', response.headers.get('cross-origin-opener-policy') ?? '', 'focused', ofDocument('hasFocus') ? 1 : '',
  ],
};

/**
 * The nonce of an ID token that the token server has verified; '' if there is none.
 * @param {unknown} token
 */
function nonceOf(token) {
  return attempt(() => {
    const payload = String(token).split('.')[1].replace(/-/g, '+').replace(/_/g, '/');
    const bytes = Uint8Array.from(atob(payload), (c) => c.charCodeAt(0));
    const { TextDecoder } = textCoding();
    const nonce = own(JSON.parse(new TextDecoder().decode(bytes)), 'nonce');
    return typeof nonce === 'string' ? nonce : '';
  }, '');
}

/**
 * An entry of a storage; '' if there is none, or the browser forbids to look.
 * @param {'localStorage'|'sessionStorage'} area
 * @param {string} key
 */
const entryIn = (area, key) => attempt(() => window[area].getItem(key), '') ?? '';

/**
 * Makes what carries out commands.
 * @param {ReturnType<import('./border.js').start>} handle hands Go an event
 * @param {() => void} crashed is called once, when Go has died
 */
export function newInterpreter(handle, crashed) {
  let lastCall = 0;
  /** Where the token is kept in localStorage. @type {string|undefined} */
  let entry;
  /** Ends what join began. */
  let leave = () => {};
  /** @type {BroadcastChannel|undefined} */
  let channel;
  /** @type {Map<number, Call>} */
  const calls = new Map();
  /** Windows, and what listens to them: window is that of another page where it is missing. @type {Map<number, {flow: number, window?: Window, stops: (() => void)[], heard?: () => void}>} */
  const windows = new Map();
  /** @type {Map<number, any>} */
  const timers = new Map();
  /** Timers that the page's code, by calling the SDK from inside a command, had cancelled before they were set. @type {Set<number>} */
  const cancelled = new Set();
  /** How many events are being told, one inside the other. */
  let depth = 0;
  /** @type {Map<number, () => void>} */
  const locks = new Map();
  /** Whether Go has died. */
  let dead = false;

  /** The text that is stored for the token. */
  const stored = () => (entry === undefined ? '' : entryIn('localStorage', entry));

  /**
   * Tells Go of an event, and carries out what follows.
   * @param {string} type
   * @param {number} flow
   * @param {number} number
   * @param {unknown[]} [data]
   * @param {{value?: unknown, frame?: Frame, settings?: object}} [context] value: what the event brings for
   *   the page; frame: the call of the page in which it happens
   */
  function tell(type, flow, number, data = [], context = {}) {
    const { value, frame, settings } = /** @type {typeof context} */ ({ __proto__: null, ...context });
    if (dead) return;
    const head = [type, flow, number, Math.floor(Date.now()), stored()];
    depth++;
    try {
      for (const command of handle(head, data, settings)) run(command, value, frame ?? newFrame(0));
    } catch (error) {
      die(crashError(error), frame);
    }
    if (!--depth) cancelled.clear();
  }

  /**
   * Gives up all that Go was waiting for. Logins that are under way have their records, with which the next init goes on.
   * @param {any} error
   * @param {Frame} [frame] the call of the page in which Go has died: it throws
   */
  function die(error, frame) {
    dead = true;
    console.error(`KakaoError: ${error.message} (${error.hint})`);
    if (frame) {
      frame.error = error;
      calls.delete(frame.call);
    }
    crashed();
    leave();
    windows.forEach(({ stops }) => stops.forEach((stop) => stop()));
    timers.forEach((timer) => clearTimeout(timer));
    locks.forEach((release) => release());
    const answer = describe({ ...UNKNOWN_ERROR, error: error.code, error_description: error.message }, { hint: error.hint });
    calls.forEach(({ outcome }) => queueMicrotask(() => outcome.settle(false, answer)));
    calls.clear();
  }

  /**
   * @param {Command} command
   * @param {unknown} value
   * @param {Frame} frame
   */
  function run(command, value, frame) {
    if (dead) return;
    const data = dataOf(command.data);
    try {
      actions[command.what](data, command, frame, value);
    } catch {
      if (command.number) tell('failed', command.flow, command.number, ['key', data.key ?? ''], { frame });
    }
  }

  /**
   * Listens until what it returns is called.
   * @param {EventTarget} target
   * @param {string} type
   * @param {(event: any) => void} listener
   */
  function listen(target, type, listener) {
    target.addEventListener(type, listener);
    return () => target.removeEventListener(type, listener);
  }

  /**
   * Whether a window is closed, shows another than its first, empty page, is where the relay page should be and is not,
   * and whether the user is on this one.
   * @param {Window} target
   * @param {string} [callback] the relay page's address
   */
  function look(target, callback) {
    const closed = attempt(() => target.closed, true);
    const away = !closed && attempt(() => target.location.href !== 'about:blank', true); // another origin's throws
    const astray = attempt(() => {
      const { location: { href }, document: shown } = target;
      return href.split(/[?#]/)[0] === callback && shown.readyState === 'complete' && !shown.querySelector('script[data-hints]');
    }, false);
    return ['closed', closed ? 1 : '', 'away', away ? 1 : '', 'astray', astray ? 1 : '', 'focused', ofDocument('hasFocus') ? 1 : ''];
  }

  /**
   * Hears the relay page: through the channel, and by window messages.
   * @param {number} number the window's
   * @param {string} name the channel's
   */
  function listenToRelay(number, name) {
    const entry = /** @type {any} */ (windows.get(number));
    const { flow, window: target, stops } = entry;
    const hear = (/** @type {any} */ message, /** @type {(word: object) => void} */ answer, /** @type {unknown[]} */ ...from) => {
      if (!attempt(() => typeof own(message, 'kakaowasm') === 'number' && !own(message, 'heard'), false)) return;
      entry.heard = () => answer({ kakaowasm: 1, heard: 1, state: own(message, 'state') });
      tell('heard', flow, number, [...from, ...texts(message, ANSWER)]);
    };
    const relay = attempt(() => new BroadcastChannel(name), undefined);
    if (relay) {
      stops.push(
        listen(relay, 'message', ({ data }) => hear(data, (word) => relay.postMessage(word), 'via', 'channel')),
        () => relay.close(),
      );
    }
    stops.push(
      listen(window, 'message', ({ data, origin, source }) => {
        hear(data, (word) => source.postMessage(word, origin), 'origin', origin, 'ours', target && source === target ? 1 : '');
      }),
      listen(window, 'focus', () => tell('focus', 0, 0)),
    );
  }

  /**
   * Hears Kakao's shipping-address page.
   * @param {number} number the window's
   */
  function listenToAddress(number) {
    const { flow, stops } = /** @type {any} */ (windows.get(number));
    stops.push(listen(window, 'message', ({ data, origin }) => {
      const closed = data === 'closed'; // the one answer that is no JSON
      const value = attempt(() => JSON.parse(typeof data === 'string' ? data : ''), undefined);
      if (!closed && !isObject(value)) return;
      const failed = ['code', 'error_code', 'error'].some((name) => value && own(value, name));
      tell('heard', flow, number, ['origin', origin, 'closed', closed ? 1 : '', 'failed', failed ? 1 : ''], { value });
    }));
  }

  /**
   * Ends a call of the page.
   * @param {string} number
   * @param {Frame} frame
   * @param {(outcome: Outcome) => void} end
   */
  function endCall(number, frame, end) {
    const call = takeCall(number);
    if (!call) return;
    if (call.atOnce && frame.call === Number(number)) end(call.outcome);
    else queueMicrotask(() => end(call.outcome));
  }

  /** @param {string} number */
  function takeCall(number) {
    const call = calls.get(Number(number));
    calls.delete(Number(number));
    return call;
  }

  /**
   * The answer that a settled call gets.
   * @param {Data} data
   * @param {unknown} value what the event brought
   */
  function answerOf(data, value) {
    switch (data.answer) {
      case 'true': return true;
      case 'unknown': return UNKNOWN_ERROR;
      case 'kept': return calls.get(Number(data.call))?.kept;
      case 'value': return value;
    }
    const picked = data.pick ? data.pick.split(' ').map((name) => [name, isObject(value) ? own(value, name) : undefined]) : [];
    const made = Object.assign(Object.fromEntries(picked), objectOf(data.rest));
    if (data.as) made[data.as] = value;
    return describe(made, { hint: data.hint?.slice(0, MAX_HINT) });
  }

  /** @type {Record<string, (data: Data, command: Command, frame: Frame, value: unknown) => void>} */
  const actions = {
    return(data, command, frame) {
      frame.list = command.data;
      frame.value = data.value ?? null;
    },
    throw({ code, param, hint, message }, _command, frame) {
      frame.error = makeError({ name: 'KakaoError', message, code, param, hint });
    },
    settle(data, _command, frame, value) {
      const answer = answerOf(data, value);
      endCall(data.call, frame, (outcome) => outcome.settle(Boolean(data.ok), answer));
    },
    keep({ call }, _command, _frame, value) {
      const kept = calls.get(Number(call));
      if (kept) kept.kept = value;
    },
    drop: ({ call }) => void takeCall(call),
    closed: ({ call }, _command, frame) => endCall(call, frame, (outcome) => outcome.close()),
    reject: ({ call }, _command, frame) => endCall(call, frame, (outcome) => outcome.abandon()),

    open({ address, name, features }, { flow, number }, frame) {
      const opened = attempt(() => window.open(address, name, features), null);
      if (opened) windows.set(number, { flow, window: opened, stops: [] });
      tell(opened ? 'opened' : 'blocked', flow, number, [], { frame });
    },
    listen({ window: text, channel: name, as }, { flow }) {
      const number = Number(text);
      if (!windows.has(number)) windows.set(number, { flow, stops: [] });
      if (as === 'relay') listenToRelay(number, name);
      else listenToAddress(number);
    },
    shut(data) {
      const shut = windows.get(Number(data.window));
      windows.delete(Number(data.window));
      if (data.heard) attempt(() => shut?.heard?.(), undefined);
      shut?.stops.forEach((stop) => stop());
      if (shut && !data.keep) attempt(() => shut.window?.close(), undefined);
    },
    beacon: ({ url, rest }) => void attempt(() => navigator.sendBeacon(url, new URLSearchParams(/** @type {any} */ (objectOf(rest)))), false),
    submit: ({ action, target, rest }) => submitForm(action, target, rest ?? []),
    frame({ window: number, name, src }) {
      const frame = addFrame(name, src);
      windows.get(Number(number))?.stops.push(() => frame.remove());
    },
    navigate: ({ address }) => location.assign(address),

    fetch: request,
    timer({ ms, window: number, callback }, { flow, number: timer }) {
      if (cancelled.has(timer)) return;
      wait(timer, Number(ms), () => {
        const target = windows.get(Number(number))?.window;
        tell('timer', flow, timer, target && look(target, callback));
      });
    },
    cancel({ timer }) {
      cancelled.add(Number(timer));
      clearTimeout(timers.get(Number(timer)));
      timers.delete(Number(timer));
    },
    lock({ name, key, last }, { flow, number }) {
      lock(name, (waited, release) => {
        if (dead) return release();
        locks.set(number, release);
        tell('locked', flow, number, [
          'waited', waited ? 1 : '', 'free', navigator.locks ? '' : 1,
          ...(key ? ['entry', entryIn('sessionStorage', key), 'last', entryIn('localStorage', last)] : []),
        ]);
      });
    },
    unlock({ lock: number }) {
      locks.get(Number(number))?.();
      locks.delete(Number(number));
    },

    save({ area, key, text }, { flow, number }, frame) {
      const storage = /** @type {any} */ (window)[area];
      try {
        storage.setItem(key, text);
      } catch (error) {
        storage.removeItem(key); // or an older text would stay
        throw error;
      }
      if (number) tell('saved', flow, number, ['key', key], { frame });
    },
    remove: ({ area, key }) => /** @type {any} */ (window)[area].removeItem(key),
    parse({ text }, { flow, number }, frame) {
      const value = JSON.parse(text);
      tell('parsed', flow, number, texts(value, ANSWER), { frame });
    },
    join({ name, entry: key, last, held }) {
      entry = key;
      const look = () => tell('look', 0, 0, ['last', entryIn('localStorage', last), 'held', entryIn('sessionStorage', held)]);
      const stops = [
        listen(window, 'pagehide', () => tell('pagehide', 0, 0)),
        listen(window, 'pageshow', ({ persisted }) => {
          tell('pageshow', 0, 0);
          if (persisted) look();
        }),
        listen(window, 'focus', look),
      ];
      channel = attempt(() => new BroadcastChannel(name), undefined);
      if (!channel) {
        stops.push(listen(window, 'storage', ({ key: changed }) => {
          if (changed === null || changed === key || changed === last) look();
        }));
      } else {
        stops.push(listen(channel, 'message', ({ data }) => {
          if (isObject(data)) tell('news', 0, 0, [...texts(data, ['status', 'token', 'since', 'state']), 'persist', own(data, 'persist') ? 1 : '']);
        }));
      }
      leave = () => {
        stops.forEach((stop) => stop());
        channel?.close();
        channel = undefined;
      };
    },
    leave: () => leave(),
    post: (data) => channel?.postMessage({ ...data, ...(data.token && { persist: Boolean(data.persist) }) }),
    announce({ status, expires_in: seconds }) {
      const detail = { status, expires_in: seconds ? Number(seconds) : undefined };
      window.dispatchEvent(new CustomEvent('kakao:token', { detail }));
    },
    tellLogin(data) {
      const { kind, status, error, error_description } = data;
      const detail = { kind, status, ...(error && { error, error_description }) };
      queueMicrotask(() => window.dispatchEvent(new CustomEvent('kakao:login', { detail })));
    },
    warn: ({ text }) => console.warn(`KakaoWarning: ${text}`),
    bridge({ query }, { flow, number }) {
      askBridge(query).then(
        (value) => tell('bridge', flow, number, texts(value, ANSWER), { value }),
        () => tell('failed', flow, number),
      );
    },
  };

  /**
   * Waits for that many milliseconds, also for more than setTimeout can.
   * @param {number} timer
   * @param {number} milliseconds
   * @param {() => void} due
   */
  function wait(timer, milliseconds, due) {
    timers.set(timer, setTimeout(() => {
      if (milliseconds > MAX_TIMEOUT) return wait(timer, milliseconds - MAX_TIMEOUT, due);
      timers.delete(timer);
      due();
    }, Math.min(milliseconds, MAX_TIMEOUT)));
  }

  /**
   * Sends a request, and reads its answer.
   * @param {Data} data
   * @param {Command} command
   */
  function request(data, { flow, number }) {
    const controller = Number(data.timeout) ? new AbortController() : undefined;
    const timeout = controller && setTimeout(() => controller.abort(), Number(data.timeout));
    const form = data.form && calls.get(Number(data.form))?.form;
    const asked = fetch(data.url || location.href, /** @type {RequestInit} */ ({
      __proto__: null,
      method: data.method,
      headers: objectOf(data.rest),
      cache: 'no-store',
      credentials: data.cookies ? 'include' : 'omit',
      ...(data.keepalive && { keepalive: true }),
      ...(data.body && { body: data.body }),
      ...(form && { body: form }),
      ...(controller && { signal: controller.signal }),
    }));
    readAnswer(asked, data.as).then(
      ([facts, value]) => tell('answer', flow, number, facts, { value }),
      () => tell('failed', flow, number),
    ).finally(() => clearTimeout(timeout));
  }

  /** @param {number} call @returns {Frame} */
  const newFrame = (call) => ({ call, list: [], value: null, error: undefined });

  /**
   * Calls Go for the page.
   * @param {string} type which call
   * @param {unknown[]} [data] what Go must know of it, names and values in turn
   * @param {Partial<Call> & {settings?: object}} [given] of one that answers later: its outcome; whether it may
   *   be heard before this returns; its settings; the files that go with it
   * @returns {Frame}
   */
  return function call(type, data = [], given = {}) {
    const { outcome, atOnce = false, form, settings } = /** @type {typeof given} */ ({ __proto__: null, ...given });
    const number = outcome ? ++lastCall : 0;
    if (outcome) calls.set(number, { outcome, atOnce, form });
    const frame = newFrame(number);
    tell(type, 0, number, data, { frame, settings });
    if (frame.error) {
      calls.delete(number);
      throw frame.error;
    }
    return frame;
  };
}

/**
 * The answer to a request: what Go must know of it, and the JSON that it holds, if it does.
 * @param {Promise<Response>} asked
 * @param {string} kind
 * @returns {Promise<[unknown[], unknown]>}
 */
async function readAnswer(asked, kind) {
  const response = await asked;
  if (kind === 'policy') return [readers.policy(undefined, response), undefined];
  const text = await response.text();
  if (typeof response.status !== 'number') throw new TypeError('fetch gave no response');
  const parsed = attempt(() => ({ value: JSON.parse(text) }), undefined);
  const facts = ['status', response.status, 'parsed', parsed ? 1 : '', ...readers[kind](parsed?.value, response)];
  return [facts, parsed?.value];
}

/**
 * Waits for the Web Lock of that name. Browsers without Web Locks let everyone pass.
 * @param {string} name
 * @param {(waited: boolean, release: () => void) => void} grant waited tells whether another tab held it
 */
function lock(name, grant) {
  const { locks } = navigator;
  const pass = () => grant(false, () => {});
  if (!locks) return queueMicrotask(pass);
  const hold = (/** @type {boolean} */ waited) => new Promise((/** @type {(value?: unknown) => void} */ release) => grant(waited, release));
  locks.request(name, /** @type {LockOptions} */ ({ __proto__: null, ifAvailable: true }), (free) => {
    if (free) return hold(false);
    locks.request(name, () => hold(true)).catch(pass);
  }).catch(pass); // in a page without an origin
}

/**
 * Sends a form to a window.
 * @param {string} action
 * @param {string} target
 * @param {string[]} fields names and values in turn
 */
function submitForm(action, target, fields) {
  const form = ofDocument('createElement', 'form');
  Object.assign(form, { method: 'post', action, target, hidden: true });
  for (let i = 0; i < fields.length; i += 2) {
    const input = ofDocument('createElement', 'input');
    Object.assign(input, { type: 'hidden', name: fields[i], value: fields[i + 1] });
    form.append(input);
  }
  (document.body ?? document.documentElement).append(form);
  HTMLFormElement.prototype.submit.call(form); // a field may be named submit
  form.remove();
}

/**
 * Adds an invisible frame, which other windows find by its name.
 * @param {string} name
 * @param {string} src
 */
function addFrame(name, src) {
  const frame = ofDocument('createElement', 'iframe');
  Object.assign(frame, { name, id: name, src });
  frame.style.cssText = 'border:none; width:0; height:0; display:none; overflow:hidden;';
  (document.body ?? document.documentElement).append(frame);
  return frame;
}

/**
 * Asks KakaoTalk's in-app browser for a login, and reads the address that it answers with.
 * @param {string} query
 * @returns {Promise<Record<string, string>>}
 */
async function askBridge(query) {
  const address = await /** @type {any} */ (window).kakaoweb.reqSignInLocation(query);
  return Object.fromEntries(new URL(address).searchParams);
}
