// Who is logged in, what they agreed to, and the buttons that change it.

import { $, element, labelled, reason, say, settings } from './page.js';
import { formatDate, hasText, pageLanguage, setText, t } from './text.js';
import { callbacks, log } from './log.js';
import { wait } from './waiting.js';

/** What the platform last answered, so that a language switch can redraw it. */
let answers = {};

/** Calls an API as a legacy page does, logged from call to callback. */
function request(url, data, success) {
  log('call', url, data);
  Kakao.API.request({
    url,
    ...(data && { data }),
    ...callbacks(url, {
      success,
      fail: (error) => say('call.failed', { call: url, reason: reason(error) }, true),
    }),
  });
}

/** What the account is made of: how it is asked for, and who draws the answer. */
const parts = [
  { name: 'user', url: '/v2/user/me', data: { secure_resource: true }, draw: drawProfile },
  { name: 'scopes', url: '/v2/user/scopes', draw: drawScopes },
  { name: 'terms', url: '/v1/user/service/terms', data: { extra: 'app_service_terms' }, draw: drawTerms },
];

let pending;

/** Loads and shows the account. Calls close to each other make one. */
export function loadAccount() {
  show(true);
  clearTimeout(pending);
  pending = setTimeout(() => {
    for (const { name, url, data, draw } of parts) {
      request(url, data, (answer) => {
        answers[name] = answer;
        draw();
      });
    }
  }, 50);
}

/** Shows the account of a token that came by itself, unless it is there already. */
export function showAccount() {
  if ($('signed-in').hidden) loadAccount();
}

/** Forgets the account and shows the login button. */
export function forgetAccount() {
  clearTimeout(pending);
  answers = {};
  $('scopes').replaceChildren();
  $('terms').replaceChildren();
  show(false);
}

/** Draws what the platform answered in the page's language. */
export function redrawAccount() {
  for (const { name, draw } of parts) if (answers[name]) draw();
}

function show(signedIn) {
  const clickedLogin = signedIn && $('signed-out').contains(document.activeElement);
  $('signed-out').hidden = signedIn;
  $('signed-in').hidden = !signedIn;
  $('consents').hidden = !signedIn;
  if (!answers.user) {
    setText($('nickname'), 'profile.loading');
    for (const id of ['email', 'user-id']) $(id).textContent = '';
    $('avatar').hidden = true;
  }
  if (clickedLogin) $('nickname').focus();
}

function drawProfile() {
  const { id, kakao_account: account = {} } = answers.user;
  const { nickname, thumbnail_image_url: picture } = account.profile ?? {};
  drawOr($('nickname'), nickname, 'profile.nameless');
  drawOr($('email'), account.email, 'profile.no-email');
  $('user-id').textContent = id;
  $('avatar').hidden = !picture;
  if (picture) $('avatar').src = picture;
}

/** Shows value, or the text named key where there is none. */
function drawOr(target, value, key) {
  if (!value) return setText(target, key);
  delete target.dataset.t;
  target.textContent = value;
}

function drawScopes() {
  drawRows($('scopes'), answers.scopes.scopes, 'scopes.none', (scope) => {
    const name = scopeName(scope);
    const row = element('li', {},
      element('span', { className: 'name' }, name, element('code', { textContent: scope.id })),
      labelled('span', scope.agreed ? 'scopes.agreed' : 'scopes.missing', { className: `chip ${scope.agreed ? 'yes' : 'no'}` }));
    row.dataset.scope = scope.id;
    row.dataset.agreed = scope.agreed;
    const action = scopeAction(scope);
    if (action) {
      const button = labelled('button', `scopes.${action.name}`, { type: 'button', className: action.name, onclick: action.run });
      button.setAttribute('aria-label', t(`scopes.${action.name}.label`, { name }));
      row.append(button);
    }
    return row;
  });
}

/** The name of a consent item: the page's own in its language, else Kakao's. */
export function scopeName({ id, display_name: displayName }) {
  return hasText(`scope.${id}`) ? t(`scope.${id}`) : displayName ?? id;
}

/** What people can do with a consent item: take it back, or give it. */
function scopeAction({ id, agreed, revocable }) {
  if (!agreed) return { name: 'ask', run: () => askForScope(id) };
  if (revocable) return { name: 'revoke', run: () => revokeScope(id) };
  return undefined;
}

function askForScope(id) {
  log('call', 'Auth.login', { scope: id });
  const over = wait();
  Kakao.Auth.login({
    scope: id,
    ...callbacks('Auth.login', {
      success: () => { over(); consentsChanged(); },
      fail: (error) => { over(); say('login.failed', { reason: reason(error) }, true); },
    }),
  });
}

function revokeScope(id) {
  request('/v2/user/revoke/scopes', { scopes: [id] }, consentsChanged);
}

function consentsChanged() {
  say('scopes.changed');
  loadAccount();
}

/** The titles of the app's service terms, which no call tells. */
const titles = new Map(JSON.parse(settings.terms).map((term) => [term.tag, term]));

function drawTerms() {
  const { allowed_service_terms: allowed = [], app_service_terms: all = allowed } = answers.terms;
  drawRows($('terms'), all, 'terms.none', ({ tag }) => {
    const agreed = allowed.find((term) => term.tag === tag);
    const row = element('li', {},
      element('span', { className: 'name' }, titles.get(tag)?.[pageLanguage()] ?? '', element('code', { textContent: tag })),
      agreed
        ? labelled('span', 'terms.agreed', { className: 'chip yes' }, { date: formatDate(agreed.agreed_at) })
        : labelled('span', 'terms.missing', { className: 'chip no' }));
    row.dataset.tag = tag;
    return row;
  });
}

/** Fills list with a row for each item, or says that there are none. */
function drawRows(list, items, noneKey, row) {
  list.replaceChildren(...(items?.length ? items.map(row) : [labelled('li', noneKey, { className: 'hint' })]));
}

/** Wires the logout and unlink buttons. */
export function accountButtons() {
  $('logout').addEventListener('click', () => logOut('logout.done'));
  $('logout-account').addEventListener('click', logOutOfAccount);
  $('unlink').addEventListener('click', () => $('unlink-dialog').showModal());
  $('unlink-dialog').addEventListener('close', ({ target }) => {
    if (target.returnValue === 'unlink') request('/v1/user/unlink', undefined, unlinked);
    target.returnValue = '';
  });
}

function logOut(doneKey) {
  log('call', 'Auth.logout');
  Kakao.Auth.logout((payload) => {
    log('callback', 'Auth.logout', payload);
    signedOut(doneKey);
  });
}

/** Leads to the page where Kakao asks whether the Kakao Account is to be logged out, too. */
async function logOutOfAccount() {
  log('call', 'Auth.logout');
  await Kakao.Auth.logout();
  location.assign(`${settings.server}/logout/account?return_to=${encodeURIComponent(location.pathname)}`);
}

/** Kakao has dropped the tokens; the page's copy and the server's session go, too. */
function unlinked() {
  if (Kakao.Auth.getAccessToken()) logOut('unlink.done');
  else signedOut('unlink.done');
}

function signedOut(doneKey) {
  forgetAccount();
  say(doneKey);
  $('login').focus();
}
