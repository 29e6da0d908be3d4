// The live log: what the page calls, what the SDK answers and which requests
// the browser makes, with every credential blotted out.

import { $, element, settings } from './page.js';

/** Members whose text gives access, or could be traded for it. */
const credentials = new Set([
  'access_token', 'refresh_token', 'id_token', 'code', 'code_verifier', 'client_secret', 'state', 'nonce',
]);

const blot = '••••••';
const lineLimit = 300;
const shortPayload = 140;

/**
 * A copy of value for showing: credentials blotted out, functions named,
 * errors spelled out. A numeric code is Kakao's error code and stays.
 */
export function redact(value) {
  if (value instanceof Error) return redact({ name: value.name, message: value.message, ...value });
  if (Array.isArray(value)) return value.map(redact);
  if (typeof value === 'function') return 'function';
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) =>
    [name, credentials.has(name) && typeof member === 'string' ? blot : redact(member)]));
}

/**
 * Adds a line.
 * @param {string} event what happened: call, success, fail, always, callback,
 *   throw, kakao:token, kakao:renew or request
 * @param {string} source who did it: Auth.login, /v2/user/me, …
 * @param {unknown} [payload] shown as JSON, redacted
 */
export function log(event, source, payload) {
  const list = $('log');
  const atEnd = list.scrollHeight - list.scrollTop - list.clientHeight < 40;
  const line = element('li', {},
    element('time', { textContent: new Date().toTimeString().slice(0, 8) }),
    element('b', { textContent: event }),
    element('span', { className: 'source', textContent: source }));
  line.dataset.event = event;
  line.dataset.source = source;
  if (payload !== undefined) line.append(shown(redact(payload)));
  list.append(line);
  if (list.childElementCount > lineLimit) list.firstElementChild.remove();
  if (atEnd) list.scrollTop = list.scrollHeight;
}

/** A payload on one line; a long one is folded. */
function shown(payload) {
  const text = JSON.stringify(payload);
  if (text.length <= shortPayload) return element('code', { textContent: text });
  return element('details', {},
    element('summary', { textContent: `${text.slice(0, shortPayload)}…` }),
    element('pre', { textContent: JSON.stringify(payload, null, 2) }));
}

/**
 * The callbacks of a legacy call, each logged before it does its work.
 * @param {string} source the call
 * @param {{success?: Function, fail?: Function, always?: Function}} [work]
 */
export function callbacks(source, work = {}) {
  return Object.fromEntries(['success', 'fail', 'always'].map((event) => [event, (payload) => {
    log(event, source, payload);
    work[event]?.(payload);
  }]));
}

/** Logs the requests to the token server and to Kakao, without their queries. */
export function logRequests() {
  const interesting = (url) =>
    [settings.api, settings.auth].includes(url.origin) ||
    (url.origin === location.origin && url.pathname.startsWith(settings.server + '/'));
  new PerformanceObserver((entries) => {
    for (const entry of entries.getEntries()) {
      const url = new URL(entry.name);
      if (!interesting(url)) continue;
      log('request', url.origin === location.origin ? url.pathname : url.origin + url.pathname,
        { status: entry.responseStatus || undefined, ms: Math.round(entry.duration), by: entry.initiatorType });
    }
  }).observe({ type: 'resource', buffered: true });
}
