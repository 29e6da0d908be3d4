// What init must know: the page's options, the browser, and what an earlier page of this tab has left.

import { own, reading } from './settings.js';

const ADDRESSES = ['server', 'authHost', 'apiHost'];
const INIT_OPTIONS = [...ADDRESSES, 'idempotent', 'restoreSession', 'success', 'fail', 'always'];

/** What the names of the SDK's entries in the page's storage begin with. */
const ENTRIES = 'kakaowasm:';

/**
 * The options of init that the SDK knows: the script tag's, under those of the page. The legacy SDK
 * took anything there, so what is unknown only gets a warning.
 * @param {DOMStringMap} defaults
 * @param {any} settings
 */
export function knownOptions(defaults, settings) {
  /** @type {Record<string, any>} */
  const options = Object.create(null);
  for (const name of INIT_OPTIONS) {
    const value = reading(name, 'Kakao.init', () => own(settings, name));
    if (value !== undefined) options[name] = value;
    else if (ADDRESSES.includes(name) && own(defaults, name)) options[name] = defaults[name];
  }
  const unknown = reading('', 'Kakao.init', () => Object.keys(settings)).filter((/** @type {string} */ name) => !INIT_OPTIONS.includes(name));
  if (unknown.length) console.warn(`KakaoWarning: Kakao.init does not know ${unknown.join(', ')}`);
  return options;
}

/**
 * Calls a function of the document: document.hasFocus may be an image of the page that has that name.
 * @param {'createElement'|'hasFocus'|'querySelector'} name
 * @param {string[]} args
 * @returns {any}
 */
export function ofDocument(name, ...args) {
  const found = /** @type {any} */ (document)[name];
  return (typeof found === 'function' ? found : Document.prototype[name]).apply(document, args);
}

/** The page and the browser, as names and values in turn. */
export function environment() {
  const { location, navigator } = window;
  return [
    'lang', navigator.language || /** @type {any} */ (navigator).userLanguage || '',
    'device', navigator.platform || '',
    'origin', location.origin,
    'href', location.href.replace(/#.*$/s, ''),
    'top', window.top === window ? 1 : '',
    'userAgent', navigator.userAgent,
    'touchPoints', navigator.maxTouchPoints || 0,
  ];
}

/**
 * What the browser makes of each address among the options, as names and values in turn.
 * @param {Record<string, any>} values
 */
export function addressFacts(values) {
  return ADDRESSES.flatMap((name) => {
    try {
      const url = new URL(values[name], location.origin);
      const { href, origin, protocol, hostname } = url;
      const facts = { href, origin, protocol, hostname, user: url.username || url.password ? 1 : '' };
      return Object.entries(facts).flatMap(([fact, value]) => [`${name}.${fact}`, value]);
    } catch {
      return [];
    }
  });
}

/** What the SDK has left in the page's storage: area, key and text in turn. */
export function savedEntries() {
  return ['localStorage', 'sessionStorage'].flatMap((area) => {
    try {
      const storage = /** @type {any} */ (window)[area];
      const keys = Object.keys(storage).filter((key) => key.startsWith(ENTRIES));
      return keys.flatMap((key) => [area, key, storage.getItem(key) ?? '']);
    } catch {
      return []; // the browser keeps nothing for this page
    }
  });
}
