// The access token as people may see it: that there is one, and for how long.
// Its characters are never shown. The SDK says when it changes with a
// kakao:token event on window, and renews it when it hears kakao:renew.

import { $, say, settings } from './page.js';
import { setText } from './text.js';
import { log } from './log.js';

const renewalTimeout = 15_000;

/** When the token expires, in milliseconds of the page's clock. */
let expiresAt;
let awaitingRenewal;

/** @param {'none'|'session'|'set'|'expired'} status */
function show(status) {
  $('token-status').dataset.status = status;
  setText($('token-status'), `token.${status}`);
  $('renew').disabled = status === 'none' || awaitingRenewal !== undefined;
  tick();
}

const secondsLeft = () => Math.max(0, Math.round((expiresAt - Date.now()) / 1000));

function tick() {
  const timer = $('token-timer');
  const known = $('token-status').dataset.status === 'set' && expiresAt !== undefined;
  timer.hidden = !known;
  if (!known) {
    timer.textContent = '';
    return;
  }
  const left = secondsLeft();
  const [hours, minutes, seconds] = [left / 3600, (left / 60) % 60, left % 60].map(Math.floor);
  timer.dataset.seconds = left;
  timer.textContent = `${hours}:${String(minutes).padStart(2, '0')}:${String(seconds).padStart(2, '0')}`;
  if (left === 0) show('expired');
}

/** Shows a token that lives for so many seconds, undefined where nobody knows. */
export function tokenSet(seconds) {
  expiresAt = seconds === undefined ? undefined : Date.now() + seconds * 1000;
  show('set');
}

/** Shows that there is no token. */
export function tokenRemoved() {
  expiresAt = undefined;
  show('none');
}

/**
 * Asks the token server what a reloaded page cannot know: how long the stored
 * token lives, or that the login outlived the page's token.
 */
export async function askSession() {
  const answer = await fetch(`${settings.server}/session`, { headers: { Accept: 'application/json' } });
  const session = answer.ok ? await answer.json() : {};
  if (Kakao.Auth.getAccessToken()) tokenSet(expiresAt ? secondsLeft() : session.expires_in);
  else if (session.authenticated) show('session');
}

/**
 * Follows the token.
 * @param {{onSet: Function, onRenewed: Function, onRemoved: Function}} page what else changes with it
 */
export function followToken({ onSet, onRenewed, onRemoved }) {
  const changes = {
    set: (seconds) => { tokenSet(seconds); onSet(); },
    renewed: (seconds) => { tokenSet(seconds); say('token.renewed'); onRenewed(); },
    removed: () => { tokenRemoved(); onRemoved(); },
  };
  addEventListener('kakao:token', ({ detail }) => {
    log('kakao:token', detail.status, detail);
    renewalOver();
    changes[detail.status]?.(detail.expires_in);
  });
  $('renew').addEventListener('click', renew);
  setInterval(tick, 1000);
}

function renew() {
  awaitingRenewal = setTimeout(() => {
    renewalOver();
    show($('token-status').dataset.status);
    say('renew.silent', {}, true);
  }, renewalTimeout);
  $('renew').disabled = true;
  log('kakao:renew', 'window');
  dispatchEvent(new Event('kakao:renew'));
}

function renewalOver() {
  clearTimeout(awaitingRenewal);
  awaitingRenewal = undefined;
}
