// Tests of the fake for unit tests.

import assert from 'node:assert/strict';
import { beforeEach, describe, test } from 'node:test';

globalThis.__KAKAOWASM_VERSION__ = '9.9.9';
const { createFakeKakao, Kakao: ready, default: byDefault } = await import('./testing.js');

const user = { id: 7, kakao_account: { profile: { nickname: '하늘' } } };
let Kakao;

beforeEach(() => { Kakao = createFakeKakao({ user }); });

/** The names of the calls so far. */
const names = () => Kakao.fake.calls.map(({ name }) => name);

describe('the life of it', () => {
  test('one is ready, and fakes share nothing', () => {
    assert.equal(byDefault, ready);
    ready.init('key');
    assert.equal(Kakao.isInitialized(), false);
    ready.fake.reset();
    assert.equal(ready.isInitialized(), false);
  });

  test('init is as the real one', () => {
    assert.throws(() => Kakao.init(), { code: 'missing_parameter' });
    Kakao.init('key');
    assert.throws(() => Kakao.init('key'), { code: 'already_initialized' });
    Kakao.init('key', { idempotent: true });
    assert.throws(() => Kakao.init('other', { idempotent: true }), { code: 'already_initialized' });
    assert.equal(Kakao.Auth.getAppKey(), 'key');
    Kakao.cleanup();
    assert.equal(Kakao.Auth.getAppKey(), null);
  });

  test('a call before init says so', () => {
    for (const [name, call] of Object.entries({
      'Auth.login': () => Kakao.Auth.login(), 'API.request': () => Kakao.API.request({ url: '/v2/user/me' }), 'Auth.logout': () => Kakao.Auth.logout(),
    })) {
      assert.throws(call, { name: 'TypeError', message: `Kakao.${name} was called before Kakao.init, where the real Kakao has no ${name.split('.')[0]}; call Kakao.init first` });
    }
  });
});

describe('after init', () => {
  beforeEach(() => Kakao.init('key'));

  test('a login sets the token, calls back with the settings as this, and settles', async () => {
    const heard = [];
    const settings = { scope: 'openid', success(answer) { heard.push(['success', this === settings, answer.access_token]); }, always() { heard.push(['always']); } };
    const promise = Kakao.Auth.login(settings);
    assert.deepEqual(heard, []); // callbacks come after the call has returned
    const { access_token } = await promise;
    assert.deepEqual(heard, [['success', true, access_token], ['always']]);
    assert.equal(Kakao.Auth.getAccessToken(), access_token);
    assert.deepEqual(await Kakao.API.request({ url: '/v2/user/me' }), user);
    assert.deepEqual(await Kakao.Auth.getStatusInfo(), { status: 'connected', user });
    assert.equal(Kakao.fake.calls[1].settings, settings);
  });

  test('logout removes it', async () => {
    await Kakao.Auth.login();
    assert.equal(await new Promise((done) => { Kakao.Auth.logout(done); }), true);
    assert.equal(Kakao.Auth.getAccessToken(), null);
    assert.deepEqual(await Kakao.Auth.getStatusInfo(), { status: 'not_connected' });
    await assert.rejects(Kakao.API.request({ url: '/v2/user/me' }), (error) => error.code === -401);
  });

  test('a failure that the test names reaches fail, always and the promise, and sets no token', async () => {
    const closed = { error: 'popup_closed' };
    Kakao.fake.fail('Auth.login', closed);
    const heard = [];
    await assert.rejects(Kakao.Auth.login({ fail: (error) => heard.push(error), always: (error) => heard.push(error) }), (error) => error === closed);
    assert.deepEqual(heard, [closed, closed]);
    assert.equal(Kakao.Auth.getAccessToken(), null);
    Kakao.fake.reset();
    Kakao.init('key');
    await Kakao.Auth.login();
  });

  test('an address answers what the test says, and without that says so', async () => {
    assert.throws(() => Kakao.API.request({ url: '/v1/api/talk/friends' }), /expected an answer for \/v1\/api\/talk\/friends; give one with Kakao\.fake\.answer/);
    Kakao.fake.answer('/v1/api/talk/friends', ({ data }) => ({ total_count: data.limit }));
    assert.deepEqual(await Kakao.API.request({ url: '/v1/api/talk/friends', data: { limit: 3 } }), { total_count: 3 });
    Kakao.fake.fail('/v1/api/talk/friends', { code: -402, msg: 'insufficient scopes.' });
    await assert.rejects(Kakao.API.request({ url: '/v1/api/talk/friends' }), (error) => error.code === -402);
  });

  test('who is logged in changes without a call, as by another tab, and the page hears of it', () => {
    const heard = [];
    globalThis.window = new EventTarget();
    window.addEventListener('kakao:token', ({ detail }) => heard.push(detail.status));
    try {
      Kakao.fake.logIn({ id: 8 });
      assert.equal(typeof Kakao.Auth.getAccessToken(), 'string');
      Kakao.fake.logOut();
    } finally {
      delete globalThis.window;
    }
    assert.deepEqual(heard, ['set', 'removed']);
    assert.deepEqual(names(), ['init', 'Auth.getAccessToken']);
  });

  test('every function of the real Auth is there', async () => {
    const { newAuth } = await import('./auth.js');
    const real = Object.keys(newAuth({ call: () => ({}), read: () => ({}), appKey: () => null, takesFiles: () => false }));
    assert.deepEqual(Object.keys(Kakao.Auth).sort(), real.sort());
  });
});
