// Runs first in the page of a case: sees everything that the page and the SDK do to the world
// outside, lets none of it out, and writes it to the log that the host keeps. It is a plain script of
// the page, so that whatever it hands to the SDK is of the page's own realm.
(() => {
  'use strict';

  const { harness } = parent;
  const { page, log, windows } = harness;
  const real = {
    setTimeout: setTimeout.bind(window),
    clearTimeout: clearTimeout.bind(window),
    setInterval: setInterval.bind(window),
    now: performance.now.bind(performance),
    Date,
  };
  const scale = page.timeScale;
  let calling = false; // a call of the case is running
  let requests = 0; // under way
  const soon = new Set(); // timers that are due soon

  // --- what the page is told about itself

  function define(target, name, value) {
    Object.defineProperty(target, name, { get: () => value, configurable: true });
  }
  define(Navigator.prototype, 'userAgent', page.ua.ua);
  if (page.ua.touchPoints !== undefined) define(Navigator.prototype, 'maxTouchPoints', page.ua.touchPoints);
  for (const [name, value] of Object.entries(page.window)) define(window, name, value);
  document.hasFocus = () => true; // the page of a case is a frame, and nobody else has the focus

  // --- clocks and timers, timeScale times faster

  const SOON = 50; // milliseconds

  window.setTimeout = (fn, delay = 0, ...args) => {
    const timer = real.setTimeout(() => {
      soon.delete(timer);
      fn(...args);
    }, delay / scale);
    if (delay <= SOON) soon.add(timer);
    return timer;
  };
  window.clearTimeout = (timer) => {
    soon.delete(timer);
    real.clearTimeout(timer);
  };
  window.setInterval = (fn, delay = 0, ...args) => real.setInterval(fn, delay / scale, ...args);
  if (scale !== 1) {
    const began = real.Date.now();
    const now = () => Math.round(began + (real.Date.now() - began) * scale);
    window.Date = class Date extends real.Date {
      constructor(...args) {
        super(...(args.length ? args : [now()]));
      }

      static now() {
        return now();
      }
    };
    performance.now = () => real.now() * scale;
  }

  // --- values as text that a JSON file can hold

  const LONG = 1000;

  function describe(value) {
    switch (typeof value) {
      case 'undefined':
        return '<undefined>';
      case 'function':
        return '<function>';
      case 'symbol':
        return '<symbol>';
      case 'bigint':
        return `<${value}n>`;
      case 'number':
        return Number.isFinite(value) ? value : `<${value}>`;
      case 'string':
        return value.length > LONG ? `<${value.length} characters: ${value.slice(0, 12)}...>` : value;
      case 'object':
        return value === null ? null : describeObject(value);
      default:
        return value;
    }
  }

  function describeObject(value) {
    if (typeof value.then === 'function') return '<promise>';
    if (value instanceof Error) return { '<error>': value.name, message: value.message };
    if ([String, Number, Boolean].some((type) => value instanceof type)) return `<boxed ${value}>`;
    if (Array.isArray(value)) return value.map(describe);
    return Object.fromEntries(Object.keys(value).map((key) => [key, describe(value[key])]));
  }

  // --- arguments of a case; {"$": …} marks what JSON cannot say

  const make = {
    undefined: () => undefined,
    NaN: () => NaN,
    Infinity: () => Infinity,
    String: ({ v }) => new String(v),
    Number: ({ v }) => new Number(v),
    Boolean: ({ v }) => new Boolean(v),
    Symbol: () => Symbol('s'),
    Date: () => new Date(0),
    Map: () => new Map(),
    RegExp: () => /x/,
    long: ({ c, n }) => c.repeat(n),
    fn: () => function () {},
    asyncFn: () => async function () {},
    class: () => class Thing {},
    nullProto: () => Object.create(null),
    inherits: ({ proto, own }) => Object.assign(Object.create(revive(proto)), revive(own)),
    frozen: () => Object.freeze({}),
    el: ({ sel }) => document.querySelector(sel),
    Blob: () => new Blob(['abc'], { type: 'image/png' }),
    File: ({ name }) => new File(['abc'], name, { type: 'image/png' }),
    FileList({ files }) {
      const list = new DataTransfer();
      for (const { name, type, text } of files) list.items.add(new File([text], name, { type }));
      return list.files;
    },
    cb: ({ name, throws, readToken }) => function (...args) {
      record(name, args, readToken && { tokenNow: describe(Kakao.Auth.getAccessToken()) });
      if (throws) throw new Error(throws);
    },
  };

  function revive(value) {
    if (typeof value !== 'object' || value === null) return value;
    if (Array.isArray(value)) return value.map(revive);
    if ('$' in value) return make[value.$](value);
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, revive(item)]));
  }

  const hears = (value) => JSON.stringify(value).includes('{"$":"cb"');

  function record(cb, args, more) {
    log.calls.push({ cb, args: args.map(describe), ...more, ...(calling && { sync: true }) });
  }

  // --- the ways out of the page

  navigation.addEventListener('navigate', (event) => {
    log.navs.push({ url: event.destination.url });
    event.preventDefault();
  });

  function submit(form) {
    const fields = Object.fromEntries(new FormData(form));
    const sent = { url: form.action, fields, ...(form.method !== 'post' && { method: form.method }) };
    if (['', '_self', '_top', '_parent'].includes(form.target)) log.navs.push(sent);
    else log.forms.push({ ...sent, target: form.target });
  }
  HTMLFormElement.prototype.submit = function () {
    submit(this);
  };
  addEventListener('submit', (event) => {
    event.preventDefault();
    submit(event.target);
  }, true);

  window.open = (url = '', name = '', features = '') => {
    log.popups.push({ url: String(url), name: String(name), features: String(features) });
    return page.popupBlocked ? null : harness.openWindow(window, String(url), String(name));
  };

  window.fetch = async (input, init = {}) => {
    const request = new Request(input, init);
    const { signal } = request;
    if (harness.log !== log) throw new TypeError('Failed to fetch'); // another case has taken this one's place
    requests++;
    try {
      const reply = harness.answer({
        method: request.method,
        url: request.url,
        headers: Object.fromEntries(request.headers),
        ...describeBody(init.body),
      });
      // A moment, as a network needs one: an answer is never there before the next line of the page.
      await settle(5 / scale);
      signal.throwIfAborted();
      if (reply.abort) throw new TypeError('Failed to fetch');
      return new Response(reply.text ?? null, { status: reply.status });
    } finally {
      // The page hears of it first.
      real.setTimeout(() => { requests--; });
    }
  };

  /** A request's parameters and files. */
  function describeBody(body) {
    if (body === undefined || body === null) return {};
    if (typeof body === 'string') return { text: body };
    if (body instanceof URLSearchParams) return { text: String(body) };
    if (!(body instanceof FormData)) return { text: Object.prototype.toString.call(body) };
    const entries = [...body];
    return {
      fields: entries.filter(([, value]) => typeof value === 'string'),
      files: entries.filter(([, value]) => value instanceof File).map(([field, file]) => ({
        field,
        ...(file.name !== 'blob' && { name: file.name }), // what a Blob without a name is called
        type: file.type,
        size: file.size,
      })),
    };
  }

  // --- what the page hears of

  addEventListener('error', (event) => {
    log.errors.push({ event: 'error', error: describe(event.error) });
    event.preventDefault(); // it is the page's, and no failure of the tests
  });
  addEventListener('unhandledrejection', (event) => {
    log.errors.push({ event: 'unhandledrejection', error: describe(event.reason) });
    event.preventDefault();
  });
  for (const level of ['warn', 'error']) {
    console[level] = (...args) => log.console.push([level, args.map(String).join(' ')]);
  }

  // --- the steps of a case

  const settle = (ms) => new Promise((resolve) => { real.setTimeout(resolve, ms); });

  /** Waits until condition holds; tells whether it came to hold. */
  async function until(condition, ms) {
    const end = real.now() + ms;
    while (!condition()) {
      if (real.now() > end) return false;
      await settle(2);
    }
    return true;
  }

  function threw(error) {
    return { name: error.name, message: error.message, isError: error instanceof Error };
  }

  /** Only API.request returned a promise in the legacy SDK. What other calls return on top is kept apart. */
  function follow(path, value, args) {
    const heard = path === 'API.request'
      ? (ending, answered) => record(`promise ${ending}`, [answered])
      : (ending, answered) => hears(args) && log.settled.push({ call: path, [ending]: describe(answered) });
    value.then((answered) => heard('resolved', answered), (error) => heard('rejected', error));
  }

  const steps = {
    call(path, given, { noThen, argAfter } = {}) {
      const names = path.split('.');
      const method = names.pop();
      const target = names.reduce((object, name) => object?.[name], Kakao);
      if (typeof target?.[method] !== 'function') return { missing: path };
      const args = revive(given);
      let value;
      calling = true;
      try {
        value = target[method](...args);
      } catch (error) {
        return { threw: threw(error) };
      } finally {
        calling = false;
      }
      if (typeof value?.then === 'function' && !noThen) follow(path, value, given);
      return { returned: describe(value), ...(argAfter && { argAfter: describe(args[0]) }) };
    },

    async js(code) {
      const body = new Function('rec', `return (async () => {${code}})()`);
      return { value: describe(await body(recorder)) };
    },

    async wait(counts) {
      const recorded = (name) => log[name === 'opens' ? 'popups' : name].length;
      const reached = () => Object.entries(counts).every(([name, n]) => recorded(name) >= n);
      const waited = await until(reached, log.late ? 50 : page.waitMs);
      log.late ||= !waited; // what was not there in time is not waited for again
      return { waited };
    },

    async settle(ms) {
      await settle(ms);
      return {};
    },

    click(selector) {
      document.querySelector(selector).click();
      return { value: 'clicked' };
    },

    hover(selector) {
      const image = document.querySelector(selector);
      const after = (type) => {
        image.dispatchEvent(new MouseEvent(type));
        return image.src;
      };
      return { value: { over: after('mouseover'), out: after('mouseout') } };
    },

    postFrom(origin, data, source = windows.at(-1)) {
      dispatchEvent(new MessageEvent('message', { origin, data, source }));
      return {};
    },

    countPopups: () => ({ popupsOpen: windows.filter((popup) => !popup.closed).length }),

    closePopups() {
      for (const popup of windows) popup.close();
      return {};
    },

    popupsReady: () => ({}), // they are ready as soon as they are open

    widgetPush: () => ({}), // there is no hidden frame that could push anything

    async pollsStop() {
      const wait = () => settle(Math.max(3000 / scale, 50));
      await wait();
      const before = log.polls.length;
      await wait();
      return { stillPolling: log.polls.length > before };
    },
  };

  /** Waits until nothing is under way that the page could hear of. */
  async function quiet() {
    const end = real.now() + 1000;
    do await settle(0);
    while ((requests || soon.size) && real.now() < end);
    await settle(0);
  }

  function dom() {
    return [...document.body.querySelectorAll(':not(script)')].map((element) => ({
      tag: element.localName,
      ...Object.fromEntries([...element.attributes].map(({ name, value }) => [name, value])),
      ...(!element.children.length && element.textContent && { text: element.textContent }),
    }));
  }

  function token() {
    const value = Kakao.Auth.getAccessToken();
    return { type: value === null ? 'null' : typeof value, value: describe(value) };
  }

  const look = {
    token,
    dom,
    storage: () => ({ ...localStorage }),
    frames: () => [...document.querySelectorAll('iframe')].map(({ src }) => src),
  };

  const recorder = {
    // for the cases
    record,
    describe,
    settle,
    get navs() {
      return log.navs;
    },
    globalsBefore: [],
    // for the host
    step: ([name, ...args]) => steps[name](...args),
    boot: (args) => Kakao.init(...revive(args)),
    quiet,
    look: (wanted) => Object.fromEntries(wanted.filter((name) => name in look).map((name) => [name, look[name]()])),
    /** Whether the page is as it was when the case began. */
    untouched: () => !requests && !soon.size && !localStorage.length && !sessionStorage.length
      && document.body.innerHTML === page.body,
  };
  window.__rec = recorder;
})();
