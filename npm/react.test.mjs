// Tests of kakaowasm/react with the fake, in React itself.

import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, test } from 'node:test';
import './testdom.mjs';

const { act, createElement: h, startTransition, StrictMode, useState } = await import('react');
const { createRoot, hydrateRoot } = await import('react-dom/client');
const { renderToString } = await import('react-dom/server');
const { createFakeKakao } = await import('./testing.js');
const { KakaoProvider, LoginButton, useKakao, useKakaoUser } = await import('./react.js');

const user = { id: 7, kakao_account: { profile: { nickname: '하늘' } } };
let Kakao;
let container;
let root;

beforeEach(() => {
  Kakao = createFakeKakao({ user });
  container = document.createElement('div');
  document.body.append(container);
});
afterEach(async () => {
  await act(() => root?.unmount());
  root = undefined;
  container.remove();
});

/** Shows what the hook says as text: status, nickname, whether it waits, and the code of the error. */
function Who() {
  const { status, user: who, pending, error } = useKakaoUser();
  return h('p', null, [status, who?.kakao_account.profile.nickname, pending && 'pending', error?.code].filter(Boolean).join(' '));
}

const provider = (props, ...children) => h(KakaoProvider, { appKey: 'key', Kakao, ...props }, ...children);

/** Renders, and waits for the effects and what follows from them. */
async function render(element) {
  root ??= createRoot(container);
  await act(async () => root.render(element));
}
const text = () => container.querySelector('p').textContent;
const click = (element = container.querySelector('button')) => act(async () => { element.click(); });
const count = (name) => Kakao.fake.calls.filter((call) => call.name === name).length;

describe('the provider', () => {
  test('starts the SDK with the settings of Kakao.init', async () => {
    await render(provider({ server: '/login', apiHost: 'https://api.test' }, h(Who)));
    const [{ name, settings }] = Kakao.fake.calls;
    assert.deepEqual([name, settings.server, settings.apiHost, settings.idempotent], ['init', '/login', 'https://api.test', true]);
    assert.ok(!('Kakao' in settings) && !('children' in settings) && !('appKey' in settings));
    assert.equal(text(), 'signed-out');
  });

  test('in StrictMode starts once', async () => {
    await render(h(StrictMode, null, provider({}, h(Who))));
    assert.deepEqual([count('init'), count('Auth.getStatusInfo'), text()], [1, 1, 'signed-out']);
  });

  test('twice, beside and in itself, is one SDK', async () => {
    await render(h('div', null, provider({}, h('aside', null, h(Who))), provider({}, provider({}, h(LoginButton)))));
    await click();
    assert.deepEqual([count('init'), text()], [1, 'signed-in 하늘']);
  });

  test('in another one with a Kakao of its own is apart', async () => {
    const inner = createFakeKakao({ user: { id: 8, kakao_account: { profile: { nickname: '안' } } } });
    await render(provider({}, h(Who), h(KakaoProvider, { appKey: 'inner', Kakao: inner }, h(LoginButton))));
    await click();
    assert.deepEqual([inner.Auth.getAccessToken() !== null, Kakao.Auth.getAccessToken(), text()], [true, null, 'signed-out']);
  });

  test('that renders again with the same settings does nothing', async () => {
    await render(provider({}, h(Who)));
    await render(provider({}, h(Who)));
    assert.deepEqual([count('init'), text()], [1, 'signed-out']);
  });

  test('whose settings change says so, and the page stays', async (t) => {
    t.mock.method(console, 'error', () => {});
    await render(provider({}, h(Who)));
    await render(provider({ server: '/elsewhere' }, h(Who)));
    assert.equal(text(), 'signed-out already_initialized');
  });

  test('without an app key is no blank page', async (t) => {
    const log = t.mock.method(console, 'error', () => {});
    await render(provider({ appKey: undefined }, h(Who), h(LoginButton)));
    assert.equal(text(), 'loading missing_parameter');
    assert.match(log.mock.calls[0].arguments[0], /^kakaowasm: Kakao\.init: App key must be provided; pass the app's JavaScript key/);
    await click();
    assert.equal(text(), 'loading missing_parameter');
  });

  test('that is taken away during a login leaves the login, and shows it when it is back', async () => {
    await render(provider({}, h(Who), h(LoginButton)));
    let end;
    const { login } = Kakao.Auth;
    Kakao.Auth.login = () => new Promise((resolve) => { end = async () => resolve(await login()); });
    await click();
    assert.equal(text(), 'signed-out pending');
    await render(h('p', null, 'elsewhere'));
    await act(end);
    assert.equal(text(), 'elsewhere');
    await render(provider({}, h(Who)));
    assert.equal(text(), 'signed-in 하늘');
  });

  for (const [name, hook] of Object.entries({ useKakao, useKakaoUser })) {
    test(`that is missing: ${name} says what to do`, () => {
      assert.throws(() => renderToString(h(() => hook() && null)), { message: `${name} has no <KakaoProvider appKey="…"> above it: put one around your app` });
    });
  }
});

describe('hooks', () => {
  test('useKakao is ready after the first effects', async () => {
    const seen = [];
    const Page = () => {
      const { Kakao: given, ready, error } = useKakao();
      seen.push([given === Kakao, ready, error]);
      return null;
    };
    await render(provider({}, h(Page)));
    assert.deepEqual([seen[0], seen.at(-1)], [[true, false, null], [true, true, null]]);
  });

  test('every component tells the same in one render, in a transition too', async () => {
    const torn = [];
    let widen;
    const Two = () => {
      const [parts, set] = useState(1);
      widen = () => startTransition(() => set(50));
      const said = Array.from({ length: parts }, (_, i) => h(Who, { key: i }));
      return h('div', null, said);
    };
    await render(provider({}, h(Two)));
    await act(async () => {
      widen();
      Kakao.fake.logIn();
    });
    const said = [...container.querySelectorAll('p')].map(({ textContent }) => textContent);
    torn.push(...new Set(said));
    assert.deepEqual([said.length, torn], [50, ['signed-in 하늘']]);
  });

  test('logout', async () => {
    Kakao.init('key');
    Kakao.fake.logIn();
    const Out = () => h('button', { onClick: useKakaoUser().logout }, '로그아웃');
    await render(provider({}, h(Who), h(Out)));
    assert.equal(text(), 'signed-in 하늘');
    await click();
    assert.equal(text(), 'signed-out');
  });
});

describe('a server', () => {
  const App = () => provider({}, h(Who), h(LoginButton));

  test('renders that it does not know yet, and starts nothing', () => {
    assert.match(renderToString(h(App)), /^<p>loading<\/p><button/);
    assert.deepEqual(Kakao.fake.calls, []);
  });

  test('renders the same where somebody is logged in already: hydration finds nothing to complain of', async (t) => {
    const log = t.mock.method(console, 'error', () => {});
    container.innerHTML = renderToString(h(StrictMode, null, h(App)));
    Kakao.init('key');
    Kakao.fake.logIn();
    const recovered = t.mock.fn();
    await act(async () => { root = hydrateRoot(container, h(StrictMode, null, h(App)), { onRecoverableError: recovered }); });
    assert.equal(text(), 'signed-in 하늘');
    assert.deepEqual([log.mock.calls.map(({ arguments: args }) => args), recovered.mock.callCount()], [[], 0]);
  });
});

describe('the login button', () => {
  const button = () => container.querySelector('button');

  test('is a button with a name, after the design guide', async () => {
    await render(provider({}, h(LoginButton)));
    assert.equal(button().getAttribute('type'), 'button');
    assert.equal(button().textContent, '카카오 로그인');
    assert.equal(button().querySelector('span').lang, 'ko');
    assert.equal(button().querySelector('svg').getAttribute('aria-hidden'), 'true');
    assert.match(button().style.background, /#fee500/i);
    assert.equal(button().style.borderRadius, '12px');
  });

  test('takes what a button takes, a label, a size and a ref', async () => {
    const ref = { current: null };
    await render(provider({}, h(LoginButton, { ref, id: 'in', className: 'wide', disabled: true, size: 'large', lang: 'en', style: { width: 300 } })));
    assert.equal(ref.current, button());
    assert.deepEqual([button().id, button().className, button().disabled, button().textContent], ['in', 'wide', true, 'Login with Kakao']);
    assert.deepEqual([button().style.minHeight, button().style.width], ['60px', '300px']);
    await render(provider({}, h(LoginButton, null, h('b', null, '시작하기'))));
    assert.equal(button().textContent, '시작하기');
    assert.ok(button().querySelector('svg'));
  });

  test('logs in with its settings', async () => {
    await render(provider({}, h(Who), h(LoginButton, { settings: { scope: 'account_email' } })));
    await click();
    assert.equal(text(), 'signed-in 하늘');
    assert.equal(Kakao.fake.calls.find(({ name }) => name === 'Auth.login').settings.scope, 'account_email');
  });

  test('does not log in where onClick prevents it', async () => {
    await render(provider({}, h(Who), h(LoginButton, { onClick: (event) => event.preventDefault() })));
    await click();
    assert.equal(count('Auth.login'), 0);
  });

  test('a closed popup is an error that the page shows, and busy no more', async () => {
    Kakao.fake.fail('Auth.login', { error: 'popup_closed' });
    await render(provider({}, h(Who), h(LoginButton)));
    await click();
    assert.deepEqual([text(), button().getAttribute('aria-busy')], ['signed-out popup_closed', 'false']);
  });
});
