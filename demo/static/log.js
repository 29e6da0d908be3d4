// The live log: what the page calls, what the SDK answers and which requests
// the browser makes, with every credential blotted out.

import { $, element, labelled, settings } from './page.js';

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
 * @param {{at?: number, parties?: [string, string]}} [about] when it happened, in
 *   milliseconds since 1970, if that was before now; who asked whom
 */
export function log(event, source, payload, { at = Date.now(), parties } = {}) {
  const view = $('log-view');
  const atEnd = view.scrollHeight - view.scrollTop - view.clientHeight < 40;
  const line = element('li', {},
    element('time', { textContent: new Date(at).toTimeString().slice(0, 8) }),
    element('b', { textContent: event }),
    ...(parties ? [between(parties)] : []),
    element('span', { className: 'source', textContent: source }));
  Object.assign(line.dataset, { event, source, at });
  if (payload !== undefined) line.append(shown(redact(payload)));
  place(line, at);
  if (view.querySelectorAll('li').length > lineLimit) $('log').firstElementChild.remove();
  if (atEnd) view.scrollTop = view.scrollHeight;
}

/** Puts a line behind all that happened before: what others did is heard of late. */
function place(line, at) {
  let before = $('log').lastElementChild;
  while (before && Number(before.dataset.at) > at) before = before.previousElementSibling;
  if (before) before.after(line);
  else $('log').prepend(line);
}

/** Who asked whom. */
const between = ([from, to]) => element('span', { className: 'parties' },
  labelled('span', `who.${from}`), ' → ', labelled('span', `who.${to}`), ' ');

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

/**
 * Logs the requests to the token server and to Kakao, without their queries: those of
 * this page that its server does not record.
 */
export function logRequests() {
  const recorded = ({ initiatorType }, { origin }) => Boolean(settings.steps) && initiatorType === 'fetch'
    && (origin === location.origin || settings.mode === 'emulator');
  const interesting = (url) =>
    [settings.api, settings.auth].includes(url.origin) ||
    (url.origin === location.origin && url.pathname.startsWith(settings.server + '/'));
  new PerformanceObserver((entries) => {
    for (const entry of entries.getEntries()) {
      const url = new URL(entry.name);
      if (!interesting(url) || recorded(entry, url)) continue;
      log('request', url.pathname, { status: entry.responseStatus || undefined, ms: Math.round(entry.duration) },
        { at: performance.timeOrigin + entry.startTime, parties: ['page', url.origin === location.origin ? 'server' : 'kakao'] });
    }
  }).observe({ type: 'resource', buffered: true });
}
