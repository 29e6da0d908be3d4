// Where this SDK differs from the legacy one on purpose. Each entry changes the recorded outcome of
// the cases that it is about into the one that is right here, and says why. The test fails if a case
// differs in any other way, and if an entry is not needed.

import { readFileSync } from 'node:fs';
import { APP_KEY } from './cases.mjs';

const CALLBACK = 'https://app.example.test/kakao/callback';
const STORED = "kakao_<md5('kat' + app_key)>";
const STORED_FORM = 'aes-256-cbc, OpenSSL salted, base64, passphrase = app key';
const [, VERSION] = /^const Version = "(.*)"$/m.exec(readFileSync('kakao/doc.go', 'utf8'));

const called = (given) => given.steps.filter(([name]) => name === 'call').map(([, path]) => path);
const one = (...ids) => ({ id }) => ids.includes(id);
const under = (...folders) => ({ id }) => folders.some((folder) => id.startsWith(folder));
const always = () => true;

/** A token response without what stays on the token server. */
function withoutRefreshToken({ refresh_token: _token, ...rest }) {
  return rest;
}

// --- calls that return promises

/** The calls that return a promise beside calling back, where the legacy SDK returned nothing. */
const PROMISING = new Set([
  'Auth.login', 'Auth.loginForm', 'Auth.autoLogin', 'Auth.issueAccessToken', 'Auth.logout', 'Auth.getStatusInfo',
  'Auth.selectShippingAddress', 'Auth.createShippingAddress', 'Auth.updateShippingAddress',
]);

/** The names of the recording callbacks among a call's arguments. */
function callbacksOf(args) {
  return [...JSON.stringify(args).matchAll(/\{"\$":"cb","name":"([^"]*)"/g)].map(([, name]) => name);
}

/** The promises settle after the callbacks, with what those hear. */
function addPromises(outcome, given) {
  const before = outcome.steps.flatMap(({ callsBeforeReload = [] }) => callsBeforeReload);
  const heard = [...before, ...(outcome.calls ?? [])];
  const settled = [];
  given.steps.forEach(([name, path, args], i) => {
    if (name !== 'call' || !PROMISING.has(path) || outcome.steps[i].returned !== '<undefined>') return;
    outcome.steps[i].returned = '<promise>';
    const names = callbacksOf(args);
    const first = heard.findIndex(({ cb }) => names.includes(cb));
    if (first < 0) return;
    const [{ args: [answer] }] = heard.splice(first, 1);
    const second = heard[first];
    if (second?.cb === 'always' && names.includes('always')) heard.splice(first, 1);
    settled.push({ call: path, [failed(answer) ? 'rejected' : 'resolved']: answer });
  });
  if (settled.length) outcome.settled = settled;
}

const failed = (answer) => answer?.error !== undefined || /^KAE/.test(answer?.code);

// --- requests of logins

/** What a login adds to an authorization request whose answer it exchanges by itself. */
const PROOF = { redirect_uri: CALLBACK, code_challenge: '<code_challenge>', code_challenge_method: 'S256' };

/** What a login adds if KakaoTalk answers it: the transaction that is asked for the code. */
const POLLED = { auth_tran_id: '<auth_tran_id>', is_popup: 'true' };

const LEGACY_REDIRECTS = ['kakaojs', 'https://kapi.kakao.com/cors/afterlogin.html'];

function ourRequest({ proxy: _proxy, origin: _origin, ...query }) {
  return { ...query, ...PROOF };
}

const popups = (outcome) => (outcome.popups ?? []).filter(({ name }) => name === '_blank').map(({ url }) => url);
const navs = (outcome) => outcome.navs ?? [];

/** The polls of a login, as far as the case answers them one by one. */
function addPolls(outcome, { script }) {
  const query = { client_id: APP_KEY, auth_tran_id: '<auth_tran_id>', ka: '<ka>' };
  outcome.polls = script.codes.map((answered) => ({
    method: 'GET', scheme: 'https', host: 'kauth.kakao.com', path: '/apiweb/code.json', query, answered,
  }));
}

const isLogin = (given) => called(given).some((path) => /^Auth\.(login|loginForm|autoLogin)$/.test(path))
  || given.steps.some(([name]) => name === 'click');

// --- endings that the legacy SDK kept to itself

function addFailure(outcome, error, more = {}) {
  const answer = { error, error_description: '<description>' };
  const calls = ['fail', 'always'].map((cb) => ({ cb, args: [answer], ...more }));
  outcome.calls = [...(outcome.calls ?? []), ...calls];
}

const throwing = (given) => JSON.stringify(given.steps).includes('"throws":');

// --- the login button

const LABELS = { kr: '카카오 로그인', en: 'Login with Kakao' };

function ourButton({ src, tag, id }, inButton) {
  const [, lang] = /\/login\/(kr|en)\//.exec(src);
  const role = inButton ? {} : { tabindex: '0', role: 'button' };
  return { tag, id, src: '<drawing>', alt: LABELS[lang], style: 'cursor: pointer;', ...role };
}

export const differences = [
  {
    name: 'other parts of the SDK',
    reason: 'This is the login surface. Share, Channel, Story, Navi and the like are those of the official SDK v2.',
    when: (given) => under('lifecycle/surface-other-')(given) || one('lifecycle/keys-after-init')(given),
    change({ steps: [step] }, { id }) {
      const isOurs = (name) => !name.endsWith(':object') || /^(Auth|API):/.test(name);
      step.value = id === 'lifecycle/keys-after-init' ? step.value.filter(isOurs) : 'undefined';
    },
  },
  {
    name: 'version',
    reason: 'The version, which is also in the agent string, is that of this SDK.',
    when: (given) => one('lifecycle/version-value')(given) || Boolean(given.observe?.includes('ka')),
    change(outcome) {
      if (outcome.ka) outcome.ka = outcome.ka.replace('sdk/1.43.5', `sdk/${VERSION}`);
      else outcome.steps[0].value = VERSION;
    },
  },
  {
    name: 'global of the old transport',
    reason: 'easyXDM carried messages through hidden frames; there is none here.',
    when: one('lifecycle/globals-added', 'lifecycle/globals-added-by-init'),
    change({ steps: [step] }) {
      step.value = step.value.filter((name) => name !== 'easyXDM');
    },
  },
  {
    name: 'frames of the old transport',
    reason: 'Requests and logins go without hidden frames.',
    when: ({ observe }) => Boolean(observe?.includes('dom')),
    change(outcome) {
      outcome.dom = outcome.dom.filter(({ id = '' }) => !id.startsWith('easyXDM_'));
    },
  },
  {
    name: 'messages of the old transport',
    reason: 'An API request sends no window message that a listener of the page would hear.',
    when: one('cleanup/callbacks-after-page-listeners'),
    change({ steps }) {
      steps[3].value = false;
    },
  },
  {
    name: 'style of the address frame',
    reason: 'The frame is hidden through its style object, which a Content-Security-Policy allows, and the browser writes '
      + 'that in its own words.',
    when: ({ observe, id }) => Boolean(observe?.includes('dom')) && /address/i.test(id),
    change({ dom }) {
      for (const element of dom) {
        if (element.src?.startsWith('https://apps.kakao.com/proxy')) {
          element.style = 'border-width: medium; border-style: none; border-color: currentcolor; border-image: none; '
            + 'width: 0px; height: 0px; display: none; overflow: hidden;';
        }
      }
    },
  },
  {
    name: 'boxed strings in a login',
    reason: 'A String object counts as its text. The legacy SDK sent it in quotes, which Kakao refuses.',
    when: one('validation/Auth.login/boxed-values'),
    change({ popups: [{ url }] }) {
      url.query.scope = JSON.parse(url.query.scope);
    },
  },
  {
    name: "the page's own store entry",
    reason: "The legacy SDK removed an entry of that name from the storage, which is the page's.",
    when: one('lifecycle/page-storage-key-store'),
    change({ storage }) {
      storage.store = 'mine';
    },
  },
  {
    name: 'options of init',
    reason: 'An object as second argument holds options, and one that init does not know gets a warning.',
    when: one('lifecycle/init-second-argument-object'),
    change(outcome) {
      outcome.ka = outcome.ka.replace(' extra_app_key/[object Object]', '');
      outcome.console = [['warn', 'KakaoWarning: Kakao.init does not know appKey']];
    },
  },
  {
    name: 'kind of promise',
    reason: 'API.request returns a promise of the browser, not of a library.',
    when: one('wire/promise-kind'),
    change({ steps }) {
      steps[1].value.ctorName = 'Promise';
    },
  },
  {
    name: 'refresh token',
    reason: 'The refresh token stays on the token server, so that an answer does not hold it.',
    when: always,
    change({ calls = [] }) {
      for (const call of calls) {
        if (call.args[0]?.refresh_token) call.args[0] = withoutRefreshToken(call.args[0]);
      }
    },
  },
  {
    name: 'form of the stored token',
    reason: 'The token is stored with its lifetime, so that it can be renewed. The passphrase of the old form was in '
      + 'every page. A token that the legacy SDK stored is read, and stays as it is.',
    when: ({ observe, storage: before }) => Boolean(observe?.includes('storage')) && !before,
    change({ storage }) {
      const token = storage[STORED]?.[STORED_FORM];
      if (token === undefined) return;
      delete storage[STORED];
      storage[`kakaowasm:${APP_KEY}`] = { token };
    },
  },
  {
    name: 'stored token as plain text',
    reason: 'The passphrase of the old form was in every page, so that it hid the token from nobody.',
    when: one('tokens/stored-text-is-not-plain'),
    change({ steps }) {
      steps[1].value = true;
    },
  },
  {
    name: 'stored tokens of two apps',
    reason: "Each app key has an entry of its own; the legacy SDK wrote the second app's token under the first key.",
    when: one('tokens/reinit-other-app-key'),
    change({ storage }) {
      delete storage[STORED];
      storage[`kakaowasm:${APP_KEY}`] = { token: 't-1' };
      storage['kakaowasm:0f1e2d3c4b5a69788796a5b4c3d2e1f0'] = { token: 't-2' };
    },
  },
  {
    name: 'request of a login',
    reason: "The code comes back to the token server's relay page, with PKCE, not a token through a hidden frame.",
    when: isLogin,
    change(outcome) {
      for (const url of popups(outcome)) {
        if (url.query?.redirect_uri === 'kakaojs') url.query = ourRequest(url.query);
      }
    },
  },
  {
    name: 'request of a login inside KakaoTalk on Android',
    reason: 'As above. The page asks for the code that KakaoTalk got under the transaction in the request; the legacy '
      + 'SDK asked through a hidden frame.',
    when: (given) => isLogin(given) && Boolean(given.script?.codes),
    change(outcome, given) {
      const urls = popups(outcome).filter(({ query }) => LEGACY_REDIRECTS.includes(query?.redirect_uri));
      for (const url of urls) url.query = { ...ourRequest(url.query), ...POLLED };
      if (urls.length) addPolls(outcome, given);
    },
  },
  {
    name: 'request of a login through KakaoTalk on Android',
    reason: 'As above, for the intent and for the page that a phone without KakaoTalk shows.',
    when: (given) => isLogin(given) && Boolean(given.script?.codes),
    change(outcome, given) {
      const intents = [...popups(outcome), ...navs(outcome)].filter(({ scheme }) => scheme === 'intent');
      for (const { parts } of intents) changeIntent(parts);
      if (intents.length) addPolls(outcome, given);
    },
  },
  {
    name: 'request of a login through KakaoTalk on iOS',
    reason: 'As above. KakaoTalk opens the consent page in its own browser, as it does for authorize.',
    when: (given) => isLogin(given) && Boolean(given.script?.codes),
    change(outcome, given) {
      const links = [...popups(outcome), ...navs(outcome)].filter(({ link }) => link);
      for (const url of links) changeLink(url);
      if (links.length) addPolls(outcome, given);
    },
  },
  {
    name: 'no window after a timeout',
    reason: 'The legacy SDK opened another window when it gave up on KakaoTalk, long after the click.',
    when: one('login/talk/timeout'),
    change(outcome) {
      outcome.popups.pop();
    },
  },
  {
    name: 'answers from anywhere but the relay page',
    reason: 'The legacy SDK took a token from any window message of a Kakao origin, and of the page itself.',
    when: under('login/message/'),
    change(outcome) {
      delete outcome.calls;
      delete outcome.errors;
      outcome.token = { type: 'null', value: null };
      outcome.storage = {};
    },
  },
  {
    name: 'closed popup',
    reason: 'The page hears that the user has closed the window, or that another login took its place.',
    when: one(
      'login/login/user-closes-popup', 'login/loginForm/user-closes-popup', 'login/loginForm/twice',
      'authorize/poll/user-closes-popup',
    ),
    more: [['wait', { calls: 2 }]], // the SDK waits a moment for an answer that is on its way
    change(outcome) {
      addFailure(outcome, 'popup_closed');
    },
  },
  {
    name: 'blocked popup',
    reason: 'The page hears that the browser has blocked the window, and nothing is asked for in vain.',
    when: ({ popupBlocked }) => Boolean(popupBlocked),
    change(outcome, given) {
      addFailure(outcome, 'popup_blocked', called(given).includes('Auth.authorize') && { sync: true });
      delete outcome.polls;
    },
  },
  {
    name: 'callbacks that throw',
    reason: 'What a callback throws is reported to the page and keeps neither always nor the promise from settling.',
    when: (given) => throwing(given) && !one('tokens/logout/callback-throws', 'wire/always-throws')(given),
    more: [['settle', 20]],
    change(outcome, given) {
      const [{ args }] = outcome.calls;
      outcome.calls.push({ cb: 'always', args });
      outcome.errors ??= [{ event: 'error', error: { '<error>': 'Error', message: 'mine' } }];
      if ('pollsAfterTheLastAnswer' in outcome) outcome.pollsAfterTheLastAnswer = false;
      if (given.id.startsWith('wire/')) addPromiseOfRequest(outcome);
    },
  },
  {
    name: 'always that throws',
    reason: 'As above, for the promise.',
    when: one('wire/always-throws'),
    change: addPromiseOfRequest,
  },
  {
    name: 'callbacks that throw before the call returns',
    reason: 'As above: what a callback throws does not come out of the call.',
    when: one('validation/Auth.autoLogin/async-callback', 'validation/Auth.getStatusInfo/callback=class'),
    change(outcome) {
      const { threw: { name, message } } = outcome.steps[0];
      outcome.steps[0] = { returned: '<undefined>' };
      outcome.errors = [{ event: 'error', error: { '<error>': name, message } }];
    },
  },
  {
    name: 'callbacks of an earlier call',
    reason: 'An answer is heard by the call that asked for it, and by no other.',
    when: one('login/issue/twice'),
    change({ calls }) {
      calls[1].cb = 'second';
    },
  },
  {
    name: 'callbacks of an earlier button',
    reason: 'A click is one login; the legacy SDK also began those of the buttons that were there before.',
    when: one('login/button/twice-same-container', 'login/button/cleanup-and-again'),
    change(outcome) {
      outcome.calls.splice(0, outcome.calls.length / 2);
      outcome.popups.pop();
    },
  },
  {
    name: 'cleanup of a login',
    reason: 'Auth.cleanup ends a login that is under way, and closes its window.',
    when: one('cleanup/cleanup-while-login-pending'),
    change({ steps }) {
      steps[4].popupsOpen = 0;
    },
  },
  {
    name: 'cleanup of a request',
    reason: 'API.cleanup ends a request that is on its way. The legacy SDK was still loading a frame for it.',
    when: one('cleanup/api-cleanup-while-pending'),
    change(outcome) {
      outcome.api = [{ method: 'GET', path: '/v2/user/me', params: {}, auth: 'Bearer null', hasFile: false }];
    },
  },
  {
    name: 'look of the login button',
    reason: 'The SDK draws the button, so that nothing is loaded from Kakao, and it can be used with the keyboard.',
    when: (given) => called(given).includes('Auth.createLoginButton'),
    change({ steps, dom = [] }) {
      for (const step of steps) if (step.value?.over) step.value = { over: '<drawing>', out: '<drawing>' };
      const at = dom.findIndex(({ id }) => id === 'kakao-login-btn');
      if (at >= 0) dom[at] = ourButton(dom[at], dom[at - 1].tag === 'button');
    },
  },
  {
    name: 'promises',
    reason: 'Calls that answer later return a promise beside calling back.',
    when: (given) => called(given).some((path) => PROMISING.has(path)),
    change: addPromises, // after the others, because a promise settles with what the callbacks have come to hear
  },
  {
    name: 'second address window',
    reason: "As before, the first call's callbacks stay silent when another call takes its window; its promise does not.",
    when: one('login/address/twice'),
    more: [['settle', 20]],
    change(outcome) {
      const error = { error: 'popup_closed', error_description: '<description>' };
      outcome.settled = [{ call: 'Auth.selectShippingAddress', rejected: error }];
    },
  },
];

function addPromiseOfRequest({ calls }) {
  const [{ cb, args }] = calls;
  calls.push({ cb: `promise ${cb === 'fail' ? 'rejected' : 'resolved'}`, args });
}

function changeIntent(parts) {
  const extra = 'S.com.kakao.sdk.talk.extraparams';
  const fallback = parts['S.browser_fallback_url'];
  const ours = LEGACY_REDIRECTS.includes(fallback.query.redirect_uri);
  if (ours) fallback.query = { ...ourRequest(fallback.query), ...POLLED };
  else delete parts['S.com.kakao.sdk.talk.state'];
  const { redirect_uri: redirectURI, state } = fallback.query;
  parts['S.com.kakao.sdk.talk.redirectUri'] = redirectURI;
  parts[extra] = {
    ...parts[extra],
    ...(ours ? PROOF : { redirect_uri: redirectURI }),
    ...(state && { state }),
    ...POLLED,
    is_popup: true,
    response_type: 'code',
  };
}

function changeLink({ link, web }) {
  const ours = web.query.redirect_uri === 'JS-SDK';
  if (ours) web.query = { ...ourRequest(web.query), ...POLLED };
  const { origin: _origin, ...query } = web.query;
  const page = { ...web, query: { ...query, ...POLLED } };
  Object.assign(link, { scheme: 'kakaotalk', host: 'inappbrowser', query: { url: page } });
}
