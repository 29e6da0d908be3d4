// Tests of kakaowasm/svelte with the fake: the contract of Svelte's stores.

import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { settled } from './testdom.mjs';

const { createFakeKakao } = await import('./testing.js');
const { createKakao } = await import('./svelte.js');

const user = { id: 7, kakao_account: { profile: { nickname: '하늘' } } };
let Kakao;
beforeEach(() => { Kakao = createFakeKakao({ user }); });

test('a store says its state at once, and starts the SDK when it is read first', async () => {
  const store = createKakao({ appKey: 'key', Kakao, server: '/login' });
  await settled();
  assert.deepEqual(Kakao.fake.calls, []);
  const seen = [];
  const stop = store.subscribe((state) => seen.push(state));
  assert.deepEqual([seen.length, seen[0].status, Kakao.isInitialized()], [1, 'loading', false]); // as a server has rendered it
  await settled();
  assert.equal(seen.at(-1).status, 'signed-out');
  assert.equal(Kakao.fake.calls[0].settings.server, '/login');
  stop();
});

test('login and logout', async () => {
  const { subscribe, login, logout, Kakao: given } = createKakao({ appKey: 'key', Kakao });
  let state;
  const stop = subscribe((value) => { state = value; });
  await settled();
  await login();
  await settled();
  assert.deepEqual([state.status, state.user, given === Kakao], ['signed-in', user, true]);
  await logout();
  assert.deepEqual([state.status, state.user], ['signed-out', null]);
  stop();
});

test('two components and two stores share one SDK; one that comes later knows at once', async () => {
  const [one, two] = [createKakao({ appKey: 'key', Kakao }), createKakao({ appKey: 'key', Kakao })];
  const stops = [one.subscribe(() => {}), two.subscribe(() => {})];
  await settled();
  await one.login();
  await settled();
  let state;
  stops.push(two.subscribe((value) => { state = value; }));
  assert.deepEqual(state.user, user);
  assert.equal(Kakao.fake.calls.filter(({ name }) => name === 'init').length, 1);
  for (const stop of stops) stop();
});

test('a component that has gone hears nothing more', async () => {
  const store = createKakao({ appKey: 'key', Kakao });
  const seen = [];
  store.subscribe((state) => seen.push(state))();
  await settled();
  Kakao.fake.logIn();
  await settled();
  assert.equal(seen.length, 1);
});

test('on a server it says that it does not know, and starts nothing', async () => {
  const { window: page } = globalThis;
  delete globalThis.window;
  let state;
  try {
    createKakao({ appKey: 'key', Kakao }).subscribe((value) => { state = value; })();
  } finally {
    globalThis.window = page;
  }
  await settled();
  assert.deepEqual([state.status, Kakao.fake.calls], ['loading', []]);
});

test('an error of init is state', async (t) => {
  t.mock.method(console, 'error', () => {});
  let state;
  const stop = createKakao({ Kakao }).subscribe((value) => { state = value; });
  await settled();
  assert.deepEqual([state.ready, state.error.code], [false, 'missing_parameter']);
  stop();
});
