// The page's beginning: start the SDK, then wire login and everything that
// follows from it. The SDK is used as a legacy page uses it.

import { $, element, reason, say, settings } from './page.js';
import { languageSwitch, showTexts } from './text.js';
import { callbacks, log, logRequests } from './log.js';
import { askSession, followToken, tokenRemoved, tokenSet } from './token.js';
import { accountButtons, forgetAccount, loadAccount, redrawAccount, scopeName, showAccount } from './account.js';
import { drawCalls, explorer } from './explorer.js';
import { followSteps, leaving } from './steps.js';
import { stepOfLogin, wait, waitingButton } from './waiting.js';

/** Consent items on offer before login; afterwards the platform lists them. */
const offeredScopes = [
  'openid', 'profile_nickname', 'profile_image', 'account_email', 'gender', 'age_range', 'birthday',
];

function drawScopeOptions() {
  const ticked = new Set(new FormData($('login-options')).getAll('scope'));
  $('scope-options').replaceChildren(...offeredScopes.map((id) => element('label', {},
    element('input', { type: 'checkbox', name: 'scope', value: id, checked: ticked.has(id) }),
    ' ', element('span', { textContent: scopeName({ id }), title: id }))));
}

/** How a login ends, in a popup or after a redirect. */
const loginEnd = {
  success: ({ expires_in: seconds }) => {
    tokenSet(seconds);
    say('login.done');
    loadAccount();
  },
  fail: (error) => say('login.failed', { reason: reason(error) }, true),
};

/** Logs in the way the options say. */
function logIn() {
  const options = new FormData($('login-options'));
  const scope = options.getAll('scope').join(',');
  const asked = scope ? { scope } : {};
  if (options.get('flow') === 'redirect') {
    const redirectUri = location.origin + settings.server + '/callback';
    log('call', 'Auth.authorize', { redirectUri, ...asked });
    leaving();
    return Kakao.Auth.authorize({ redirectUri, ...asked });
  }
  const persistAccessToken = options.has('persistAccessToken');
  log('call', 'Auth.login', { persistAccessToken, ...asked });
  const over = wait();
  return Kakao.Auth.login({
    persistAccessToken,
    ...asked,
    ...callbacks('Auth.login', {
      success: (answer) => { over(); loginEnd.success(answer); },
      fail: (error) => { over(); loginEnd.fail(error); },
    }),
  });
}

/** Starts the SDK, and says why where that fails. */
function startSDK() {
  if (typeof Kakao === 'undefined') {
    say('sdk.missing', { src: document.querySelector('script[data-server]').getAttribute('src') }, true);
    return false;
  }
  try {
    log('call', 'Kakao.init');
    Kakao.init(settings.appKey, callbacks('Kakao.init', loginEnd));
    return true;
  } catch (error) {
    log('throw', 'Kakao.init', error);
    say('sdk.refused', { reason: reason(error) }, true);
    return false;
  }
}

/** Shows what the SDK throws from a call: a wrong parameter, or no WebAssembly. */
function reportThrown() {
  addEventListener('error', ({ error }) => {
    if (error?.name !== 'KakaoError') return;
    log('throw', 'Kakao', error);
    say('call.failed', { call: 'Kakao', reason: reason(error) }, true);
  });
}

showTexts();
drawScopeOptions();
languageSwitch($('lang'), () => {
  drawScopeOptions();
  drawCalls();
  redrawAccount();
});
$('log-clear').addEventListener('click', () => $('log').replaceChildren());
logRequests();
followSteps(stepOfLogin);
reportThrown();
tokenRemoved();
followToken({ onSet: loadAccount, onRenewed: showAccount, onRemoved: forgetAccount });

if (startSDK()) {
  accountButtons();
  explorer();
  waitingButton();
  $('login').addEventListener('click', logIn);
  if (Kakao.Auth.getAccessToken()) loadAccount();
  askSession().catch((error) => log('throw', 'session', error));
} else {
  $('login').disabled = true;
}
