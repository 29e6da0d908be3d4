// Tests of kakaowasm/vue with the fake, in Vue itself.

import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { settled } from './testdom.mjs';

const { createApp, createSSRApp, h, ref, nextTick } = await import('vue');
const { renderToString } = await import('vue/server-renderer');
const { createFakeKakao } = await import('./testing.js');
const { createKakao, LoginButton, useKakao, useKakaoUser } = await import('./vue.js');

const user = { id: 7, kakao_account: { profile: { nickname: '하늘' } } };
let Kakao;
let container;
let app;

beforeEach(() => {
  Kakao = createFakeKakao({ user });
  container = document.createElement('div');
  document.body.append(container);
});
afterEach(() => {
  app?.unmount();
  app = undefined;
  container.remove();
});

/** Shows what the composable says as text: status, nickname, whether it waits, and the code of the error. */
const Who = {
  setup() {
    const { status, user: who, pending, error } = useKakaoUser();
    return () => h('p', [status.value, who.value?.kakao_account.profile.nickname, pending.value && 'pending', error.value?.code].filter(Boolean).join(' '));
  },
};
const page = (...children) => ({ render: () => h('main', children.map((child) => (typeof child === 'function' ? child() : h(child)))) });

async function mount(root, settings) {
  app = createApp(root).use(createKakao({ appKey: 'key', Kakao, ...settings }));
  app.mount(container);
  await settled();
}
const text = () => container.querySelector('p').textContent;
const button = () => container.querySelector('button');
async function click() {
  button().click();
  await settled();
}

describe('the plugin', () => {
  test('starts the SDK with the settings of Kakao.init', async () => {
    await mount(page(Who), { server: '/login', apiHost: 'https://api.test' });
    const [{ name, settings }] = Kakao.fake.calls;
    assert.deepEqual([name, settings.server, settings.apiHost, settings.idempotent], ['init', '/login', 'https://api.test', true]);
    assert.equal(text(), 'signed-out');
  });

  test('of a second app on the page, or of the same app after a hot reload, shares the SDK', async () => {
    await mount(page(Who, LoginButton));
    const first = app;
    const other = document.createElement('div');
    const second = createApp(page(Who)).use(createKakao({ appKey: 'key', Kakao }));
    second.mount(other);
    await click();
    assert.deepEqual([text(), other.textContent], ['signed-in 하늘', 'signed-in 하늘']);
    assert.equal(Kakao.fake.calls.filter(({ name }) => name === 'init').length, 1);
    second.unmount();
    app = first;
  });

  test('without an app key is no blank page', async (t) => {
    const log = t.mock.method(console, 'error', () => {});
    await mount(page(Who), { appKey: undefined });
    assert.equal(text(), 'loading missing_parameter');
    assert.equal(log.mock.callCount(), 1);
  });

  test('that is missing: the composables say what to do', (t) => {
    t.mock.method(console, 'warn', () => {});
    for (const [name, composable] of Object.entries({ useKakao, useKakaoUser })) {
      const bare = createApp({ setup: () => { composable(); return () => null; } });
      assert.throws(() => bare.mount(document.createElement('div')), { message: `${name} has no plugin: call app.use(createKakao({ appKey: '…' })) first` });
    }
  });
});

describe('composables', () => {
  test('a login that began before the first component is seen by it', async () => {
    app = createApp(page(Who)).use(createKakao({ appKey: 'key', Kakao }));
    await settled();
    window.dispatchEvent(new CustomEvent('kakao:login', { detail: { kind: 'redirect', status: 'fail', error: 'access_denied' } }));
    app.mount(container);
    await settled();
    assert.equal(text(), 'signed-out access_denied');
  });

  test('a component that comes later knows at once', async () => {
    const shown = ref(false);
    const seen = [];
    const Late = { setup() { const { status } = useKakaoUser(); seen.push(status.value); return () => null; } };
    await mount(page(Who, () => (shown.value ? h(Late) : null)));
    shown.value = true;
    await nextTick();
    assert.deepEqual(seen, ['signed-out']);
  });

  test('a component that leaves during a login hears nothing more, and the login goes on', async () => {
    const shown = ref(true);
    let end;
    await mount(page(() => (shown.value ? h('section', [h(Who), h(LoginButton)]) : h('i'))));
    const { login } = Kakao.Auth;
    Kakao.Auth.login = () => new Promise((resolve) => { end = async () => resolve(await login()); });
    await click();
    assert.equal(text(), 'signed-out pending');
    shown.value = false;
    await nextTick();
    await end();
    await settled();
    shown.value = true;
    await settled();
    assert.equal(text(), 'signed-in 하늘');
  });

  test('useKakao and logout', async () => {
    Kakao.init('key');
    Kakao.fake.logIn();
    const Out = {
      setup() {
        const { Kakao: given, ready } = useKakao();
        const { logout } = useKakaoUser();
        return () => h('button', { onClick: logout, disabled: !ready.value || given !== Kakao }, '로그아웃');
      },
    };
    await mount(page(Who, Out));
    assert.equal(text(), 'signed-in 하늘');
    await click();
    assert.equal(text(), 'signed-out');
  });
});

test('a server renders that it does not know yet, and hydration finds nothing to complain of', async (t) => {
  const complaints = ['warn', 'error'].map((name) => t.mock.method(console, name, () => {}));
  const { window: page_ } = globalThis;
  const make = () => createSSRApp(page(Who, LoginButton)).use(createKakao({ appKey: 'key', Kakao }));
  delete globalThis.window;
  const html = await renderToString(make()).finally(() => { globalThis.window = page_; });
  assert.match(html, /^<main><p>loading<\/p><button type="button" aria-busy="false" style="[^"]*background:#fee500/);
  assert.deepEqual(Kakao.fake.calls, []);

  container.innerHTML = html;
  Kakao.init('key');
  Kakao.fake.logIn();
  app = make();
  await settled(); // the SDK knows before the page is taken over
  app.mount(container);
  await settled();
  assert.equal(text(), 'signed-in 하늘');
  assert.deepEqual(complaints.flatMap(({ mock }) => mock.calls.map(({ arguments: args }) => args)), []);
});

describe('the login button', () => {
  test('is a button with a name, after the design guide', async () => {
    await mount(page(LoginButton));
    assert.deepEqual([button().type, button().textContent, button().querySelector('span').lang], ['button', '카카오 로그인', 'ko']);
    assert.equal(button().querySelector('svg').getAttribute('aria-hidden'), 'true');
    assert.match(button().style.background, /#fee500/i);
  });

  test('takes what a button takes, a label, a size and settings', async () => {
    await mount(page(() => h(LoginButton, { id: 'in', class: 'wide', size: 'large', lang: 'en', style: { width: '300px' }, settings: { scope: 'openid' } }, () => h('b', '시작하기'))));
    assert.deepEqual([button().id, button().className, button().textContent, button().style.minHeight, button().style.width], ['in', 'wide', '시작하기', '60px', '300px']);
    await click();
    assert.equal(Kakao.fake.calls.find(({ name }) => name === 'Auth.login').settings.scope, 'openid');
  });

  test('does not log in where a listener prevents it', async () => {
    await mount(page(() => h(LoginButton, { onClick: (event) => event.preventDefault() })));
    await click();
    assert.equal(Kakao.fake.calls.some(({ name }) => name === 'Auth.login'), false);
  });

  test('a closed popup is an error that the page shows, and busy no more', async () => {
    Kakao.fake.fail('Auth.login', { error: 'popup_closed' });
    await mount(page(Who, LoginButton));
    await click();
    assert.deepEqual([text(), button().getAttribute('aria-busy')], ['signed-out popup_closed', 'false']);
  });
});
