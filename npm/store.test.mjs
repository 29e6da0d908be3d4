// Tests of the store that React, Vue and Svelte read, with the fake.

import assert from 'node:assert/strict';
import { beforeEach, describe, test } from 'node:test';
import { settled } from './testdom.mjs';

const { createFakeKakao } = await import('./testing.js');
const { INITIAL, storeOf } = await import('./store.js');

const user = { id: 7, kakao_account: { profile: { nickname: '하늘' } } };
let Kakao;
let store;
let stop;
let heard; // the states that a listener saw

beforeEach(() => {
  stop?.();
  Kakao = createFakeKakao({ user });
  store = storeOf(Kakao);
  heard = [];
  stop = store.subscribe(() => heard.push(store.snapshot()));
});

/** Starts, and waits until it is known who is logged in. */
async function start() {
  store.start('key', {});
  await settled();
}

/** How often something was called. */
const count = (name) => Kakao.fake.calls.filter((call) => call.name === name).length;
const { code, message } = { code: ({ error }) => error?.code, message: ({ error }) => error?.message };

describe('starting', () => {
  test('begins as a server renders it', () => assert.equal(store.snapshot(), INITIAL));

  test('a Kakao object has one store', () => {
    assert.equal(storeOf(Kakao), store);
    assert.notEqual(storeOf(createFakeKakao()), store);
  });

  test('nobody is logged in, and Kakao is not asked', async () => {
    await start();
    assert.deepEqual(store.snapshot(), { ready: true, status: 'signed-out', user: null, pending: false, error: null });
    assert.equal(count('API.request'), 0);
  });

  test('the user of a token that is there', async () => {
    Kakao.init('key');
    Kakao.fake.logIn();
    store.start('key', {});
    await settled();
    assert.deepEqual([store.snapshot().status, store.snapshot().user], ['signed-in', user]);
    assert.equal(count('API.request'), 1);
  });

  test('twice, as in StrictMode, is once', async () => {
    await start();
    stop();
    stop = store.subscribe(() => {});
    await start();
    assert.equal(count('init'), 1);
    assert.equal(count('Auth.getStatusInfo'), 1);
    assert.equal(store.snapshot().error, null);
  });

  test('after an init of the page, with the same key', async () => {
    Kakao.init('key');
    await start();
    assert.deepEqual([store.snapshot().ready, store.snapshot().error], [true, null]);
  });

  test('after an init of the page with another key it says so', async (t) => {
    const log = t.mock.method(console, 'error', () => {});
    Kakao.init('other');
    await start();
    assert.equal(code(store.snapshot()), 'already_initialized');
    assert.deepEqual(log.mock.calls.map(({ arguments: args }) => args), [['kakaowasm: Kakao.init: Already initialized; call Kakao.cleanup first']]);
  });

  test('an error of init is state, and in the console once', async (t) => {
    const log = t.mock.method(console, 'error', () => {});
    store.start(undefined, {});
    store.start(undefined, {});
    await settled();
    const { ready, status, error } = store.snapshot();
    assert.deepEqual([ready, status, error.code, error.hint], [false, 'loading', 'missing_parameter', "pass the app's JavaScript key"]);
    assert.equal(log.mock.callCount(), 1);
  });

  test('settings that were wrong and are right later start it, as after a hot reload', async (t) => {
    t.mock.method(console, 'error', () => {});
    store.start(undefined, {});
    await start();
    assert.deepEqual([store.snapshot().ready, store.snapshot().error], [true, null]);
  });

  for (const [what, key, options] of [['another key', 'f00d', {}], ['another server', 'key', { server: '/elsewhere' }], ['another host', 'key', { apiHost: 'https://b.test' }], ['restoreSession', 'key', { restoreSession: true }]]) {
    test(`${what} later is an error that says what to do, and the login stays`, async (t) => {
      const log = t.mock.method(console, 'error', () => {});
      await start();
      await store.login();
      store.start(key, options);
      store.start(key, options);
      await settled();
      const { status, error } = store.snapshot();
      assert.deepEqual([status, error.code], ['signed-in', 'already_initialized']);
      assert.match(error.hint, /the same settings, and reload the page/);
      assert.equal(log.mock.callCount(), 1);
      assert.doesNotMatch(JSON.stringify(log.mock.calls), /f00d/); // keys are in no log
    });
  }

  test('settings that are left out ask for nothing else', async () => {
    store.start('key', { server: '/login' });
    store.start('key', {});
    await settled();
    assert.equal(store.snapshot().error, null);
  });

  test('the callbacks of init are those that were passed last', async () => {
    const called = [];
    store.start('key', { success: () => called.push('first') });
    store.start('key', { success: (answer) => called.push(answer), always: () => called.push('always') });
    const [{ settings }] = Kakao.fake.calls;
    settings.success('token');
    settings.fail('error');
    settings.always();
    assert.deepEqual(called, ['token', 'always']);
  });
});

describe('login', () => {
  test('shows the user in one step, and calls login in the same task', async () => {
    await start();
    heard = [];
    const promise = store.login({ scope: 'openid' });
    assert.equal(count('Auth.login'), 1);
    assert.match((await promise).access_token, /^fake/);
    await settled();
    assert.deepEqual(heard.map(({ status, pending }) => [status, pending]).at(-1), ['signed-in', false]);
    assert.deepEqual([...new Set(heard.map(({ status, pending, user: who }) => `${status} ${pending} ${who?.id}`))], ['signed-out true undefined', 'signed-in false 7']);
  });

  test('leaves the settings of the page as they are, frozen ones too', async () => {
    await start();
    const settings = Object.freeze({ scope: 'openid' });
    await store.login(settings);
    const { settings: passed } = Kakao.fake.calls.find(({ name }) => name === 'Auth.login');
    assert.deepEqual(passed, settings);
    assert.notEqual(passed, settings);
  });

  test('as the handler of a click takes no settings from its event', async () => {
    await start();
    await store.login(new MouseEvent('click'));
    assert.deepEqual(Kakao.fake.calls.find(({ name }) => name === 'Auth.login').settings, {});
  });

  test('that fails is an error until the next success', async () => {
    await start();
    Kakao.fake.fail('Auth.login', { error: 'popup_blocked', error_description: 'The browser blocked the popup.', hint: 'allow it' });
    await assert.rejects(store.login(), ({ error }) => error === 'popup_blocked');
    await settled();
    const { status, pending, error } = store.snapshot();
    assert.deepEqual([status, pending, error.code, error.message, error.hint], ['signed-out', false, 'popup_blocked', 'The browser blocked the popup.', 'allow it']);
    Kakao.fake.reset();
    Kakao.init('key');
    await store.login();
    await settled();
    assert.equal(store.snapshot().error, null);
  });

  test('a rejection that nobody listens to is silent', async (t) => {
    const unhandled = t.mock.fn();
    process.on('unhandledRejection', unhandled);
    await start();
    Kakao.fake.fail('Auth.login', { error: 'popup_closed' });
    store.login();
    await settled();
    process.off('unhandledRejection', unhandled);
    assert.equal(unhandled.mock.callCount(), 0);
    assert.equal(code(store.snapshot()), 'popup_closed');
  });

  test('twice: the end of the first, which the second has closed, is no error', async (t) => {
    await start();
    const ends = [];
    t.mock.method(Kakao.Auth, 'login', () => new Promise((resolve, reject) => { ends.push({ resolve, reject }); }));
    const first = store.login();
    store.login();
    ends[0].reject({ error: 'popup_closed' });
    await assert.rejects(first);
    assert.deepEqual([store.snapshot().pending, store.snapshot().error], [true, null]);
    Kakao.fake.logIn();
    ends[1].resolve({});
    await settled();
    assert.deepEqual([store.snapshot().status, store.snapshot().pending, store.snapshot().error], ['signed-in', false, null]);
  });

  test('goes on while nobody listens', async () => {
    await start();
    const login = store.login();
    stop();
    await login;
    await settled();
    stop = store.subscribe(() => {});
    await settled();
    assert.deepEqual([store.snapshot().status, store.snapshot().pending, store.snapshot().user], ['signed-in', false, user]);
  });

  test('before anything has started: one sentence', async (t) => {
    const log = t.mock.method(console, 'error', () => {});
    await assert.rejects(store.login());
    await assert.rejects(store.logout());
    assert.deepEqual(log.mock.calls.map(({ arguments: [text] }) => text), [
      'kakaowasm: login or logout was called before Kakao.init; call them in a click or in an effect, with the provider or plugin in place',
    ]);
  });

  test('after an init that failed tries init again, in the same task', async (t) => {
    t.mock.method(console, 'error', () => {});
    const init = t.mock.method(Kakao, 'init', () => { throw Object.assign(new Error('no memory'), { code: 'out_of_memory' }); });
    store.start('key', {});
    assert.equal(code(store.snapshot()), 'out_of_memory');
    await assert.rejects(store.login(), /no memory/);
    init.mock.restore();
    store.login();
    assert.equal(count('Auth.login'), 1);
    await settled();
    assert.deepEqual([store.snapshot().status, store.snapshot().error], ['signed-in', null]);
  });

  test('wrong settings throw, as those of the SDK', async (t) => {
    await start();
    t.mock.method(Kakao.Auth, 'login', () => { throw new TypeError('wrong'); });
    assert.throws(() => store.login({ scope: 1 }), /wrong/);
    assert.equal(store.snapshot().pending, false);
  });
});

describe('what happens elsewhere', () => {
  test('a login and a logout in another tab', async () => {
    await start();
    Kakao.fake.logIn({ id: 8 });
    await settled();
    assert.deepEqual([store.snapshot().status, store.snapshot().user], ['signed-in', { id: 8 }]);
    Kakao.fake.logOut();
    assert.deepEqual([store.snapshot().status, store.snapshot().user], ['signed-out', null]);
  });

  test('somebody else in another tab', async () => {
    await start();
    Kakao.fake.logIn({ id: 8 });
    await settled();
    Kakao.fake.logIn({ id: 9 });
    await settled();
    assert.equal(store.snapshot().user.id, 9);
  });

  test('the end of a login that an earlier page began', async () => {
    await start();
    window.dispatchEvent(new CustomEvent('kakao:login', { detail: { kind: 'redirect', status: 'fail', error: 'access_denied', error_description: 'cancelled' } }));
    assert.deepEqual([code(store.snapshot()), message(store.snapshot())], ['access_denied', 'cancelled']);
    window.dispatchEvent(new CustomEvent('kakao:login', { detail: { kind: 'redirect', status: 'success' } }));
    assert.equal(store.snapshot().error, null);
  });

  test('a renewal asks nothing again', async () => {
    await start();
    await store.login();
    await settled();
    window.dispatchEvent(new CustomEvent('kakao:token', { detail: { status: 'renewed', expires_in: 100 } }));
    await settled();
    assert.equal(count('API.request'), 1);
  });

  test('nothing is heard after the last listener has gone', async () => {
    await start();
    stop();
    Kakao.fake.logIn();
    await settled();
    assert.equal(store.snapshot().status, 'signed-out');
    stop = store.subscribe(() => {});
    await settled();
    assert.equal(store.snapshot().status, 'signed-in');
  });
});

test('an exception of the SDK while a component mounts is an error, and the next login starts it again', async (t) => {
  const log = t.mock.method(console, 'error', () => {});
  await start();
  const dead = t.mock.method(Kakao.Auth, 'getAccessToken', () => { throw Object.assign(new Error('the wasm has died'), { code: 'sdk_crashed' }); });
  stop();
  stop = store.subscribe(() => {});
  window.dispatchEvent(new CustomEvent('kakao:token', { detail: { status: 'set' } }));
  assert.deepEqual([code(store.snapshot()), log.mock.callCount()], ['sdk_crashed', 1]);
  dead.mock.restore();
  Kakao.cleanup();
  await store.login();
  await settled();
  assert.deepEqual([store.snapshot().status, store.snapshot().error], ['signed-in', null]);
});

describe('Kakao that cannot be asked', () => {
  test('leaves the login, without a user, and reload asks again', async () => {
    await start();
    Kakao.fake.fail('/v2/user/me', { code: -777, msg: 'Unknown error' });
    await store.login();
    await settled();
    const { status, user: who, pending, error } = store.snapshot();
    assert.deepEqual([status, who, pending, error.code, error.message], ['signed-in', null, false, '-777', 'Unknown error']);
    Kakao.fake.answer('/v2/user/me', user);
    await store.reload();
    assert.deepEqual([store.snapshot().user, store.snapshot().error], [user, null]);
  });

  test('an answer leaves the error of a login, such as one that an earlier page began', async () => {
    store.start('key', {});
    window.dispatchEvent(new CustomEvent('kakao:login', { detail: { kind: 'redirect', status: 'fail', error: 'access_denied' } }));
    await settled();
    assert.deepEqual([store.snapshot().status, code(store.snapshot())], ['signed-out', 'access_denied']);
  });

  test('a token that it refuses is no login', async () => {
    await start();
    Kakao.fake.fail('/v2/user/me', { code: -401, msg: 'this access token does not exist' });
    await store.login();
    await settled();
    assert.deepEqual([store.snapshot().status, code(store.snapshot())], ['signed-out', '-401']);
  });

  test('a logout during the question counts, and its answer comes too late', async () => {
    await start();
    Kakao.fake.logIn();
    Kakao.fake.logOut();
    await settled();
    assert.deepEqual([store.snapshot().status, store.snapshot().user, store.snapshot().error, store.snapshot().pending], ['signed-out', null, null, false]);
  });
});

test('logout', async () => {
  await start();
  await store.login();
  assert.equal(await store.logout(), true);
  await settled();
  assert.deepEqual(store.snapshot(), { ready: true, status: 'signed-out', user: null, pending: false, error: null });
});
