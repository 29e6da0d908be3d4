// The client against the real program. KAKAOWASM_BINARY names it.

import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import { readFileSync } from 'node:fs';
import { createEmulator, EmulatorError } from './index.js';
import { refusals } from './world.js';

const authorize = ({ url }, key, redirectUri) => `${url}/oauth/authorize?${new URLSearchParams({ client_id: key, redirect_uri: redirectUri, response_type: 'code' })}`;
const BACK = 'http://127.0.0.1:1/back';

/** Logs in by following one redirect, as automatic login allows. */
async function logIn(world) {
  const { KAKAO_REST_API_KEY: key } = await world.env();
  const response = await fetch(authorize(world, key, BACK), { redirect: 'manual' });
  return new URL(response.headers.get('location') ?? 'http://nowhere.invalid');
}

describe('an emulator', () => {
  let kakao;
  before(async () => { kakao = await createEmulator({ redirectUris: [BACK] }); });
  beforeEach(() => kakao.reset());
  after(() => kakao.close());

  test('gives an app what it needs', async () => {
    const env = await kakao.env();
    assert.equal(env.KAKAO_AUTH_ORIGIN, kakao.url);
    assert.match(env.KAKAO_CLIENT_SECRET, /^\w+$/);
    const discovery = await (await fetch(`${kakao.url}/.well-known/openid-configuration`)).json();
    assert.equal(discovery.issuer, kakao.url);
  });

  test('logs in as a user by number, address, nickname or value', async () => {
    const [haneul] = await kakao.users.list();
    for (const user of [haneul.id, haneul.email, haneul.nickname, haneul]) {
      await kakao.logInAs(user);
      assert.ok((await logIn(kakao)).searchParams.has('code'), String(user));
    }
    await kakao.showPages();
    assert.equal((await logIn(kakao)).hostname, 'nowhere.invalid');
    await assert.rejects(kakao.logInAs('nobody@example.com'), /there is no user "nobody@example.com"; there are haneul@example\.com/);
  });

  test('names every mistake and changes nothing', async () => {
    await assert.rejects(kakao.users.add({ nickname: '', email: 'x' }), (error) => {
      assert.ok(error instanceof EmulatorError);
      assert.equal(error.status, 422);
      assert.deepEqual(error.mistakes.map(({ place }) => place), ['nickname', 'email']);
      assert.match(error.message, /nickname: .*\n.*email: /);
      return true;
    });
    assert.equal((await kakao.users.list()).length, 4);
    await assert.rejects(kakao.apps.get(7), { status: 404 });
  });

  test('changes users and apps', async () => {
    const user = await kakao.users.add({ nickname: '새봄' });
    await kakao.users.change(user.id, { email: 'bom@example.com' });
    assert.equal((await kakao.users.get(user.id)).email, 'bom@example.com');
    await kakao.users.remove(user.id);
    assert.equal((await kakao.users.list()).length, 4);
    await kakao.allowRedirect('http://127.0.0.1:2/a', 'http://127.0.0.1:2/a');
    const [app] = await kakao.apps.list();
    assert.deepEqual(app.redirect_uris, [BACK, 'http://127.0.0.1:2/a']);
  });

  test('moves the clock', async () => {
    await kakao.clock.stop();
    await kakao.clock.set('2026-03-01T00:00:00Z');
    await kakao.clock.advance('31d');
    assert.equal((await kakao.clock.now()).toISOString(), '2026-04-01T00:00:00.000Z');
    await kakao.clock.resume();
    await assert.rejects(kakao.clock.advance('soon'), EmulatorError);
  });

  test('breaks what it is told to, that often', async () => {
    const fault = await kakao.fault('/oauth/*', { status: 503, times: 1 });
    assert.equal((await kakao.faults.list())[0].id, fault.id);
    assert.equal((await fetch(`${kakao.url}/oauth/token`)).status, 503);
    assert.equal((await fetch(`${kakao.url}/oauth/token`)).status, 405);
    await kakao.faults.inject({ path: '/v2/*', drop: true });
    await kakao.faults.clear();
    assert.deepEqual(await kakao.faults.list(), []);
  });

  test('tells what was called', async () => {
    await fetch(`${kakao.url}/oauth/token`, { method: 'POST', body: new URLSearchParams({ grant_type: 'refresh_token', refresh_token: 'secret-token' }) });
    const [call] = await kakao.assertCalled('/oauth/token', { times: 1, method: 'POST', form: { grant_type: 'refresh_token' }, status: 401 });
    assert.equal(call.form.refresh_token, '(hidden)');
    await assert.rejects(kakao.assertCalled('/oauth/token', { form: { grant_type: 'password' } }), (error) => /it was 0 times; all calls of it:\n {2}POST -> 401/.test(error.message) && !error.message.includes('secret-token'));
    await assert.rejects(kakao.assertCalled('/v2/user/me', { times: 1 }), /it was 0 times.*\n {2}none/);
    await kakao.assertCalled('/v2/user/me', { times: 0 });
  });

  test('names what was refused, also where a page says so', async () => {
    const query = new URLSearchParams({ response_type: 'code', client_id: (await kakao.env()).KAKAO_REST_API_KEY, redirect_uri: 'http://127.0.0.1:1/not-registered' });
    await fetch(`${kakao.url}/oauth/authorize?${query}`);
    await fetch(`${kakao.url}/v2/user/me`);
    await fetch(`${kakao.url}/.well-known/jwks.json`);
    await kakao.fault('/v2/*', { drop: true });
    await assert.rejects(fetch(`${kakao.url}/v2/user/me`));
    assert.equal(refusals(await kakao.calls()), 'GET /oauth/authorize -> 400 KOE006\nGET /v2/user/me -> 401 -401\nGET /v2/user/me -> dropped');
  });

  test('holds worlds that know nothing of each other', async () => {
    const one = await kakao.world('one');
    const two = await kakao.world('two', { users: [{ id: 1, nickname: '혼자' }] });
    await one.logInAs('haneul@example.com');
    assert.notEqual(one.url, two.url);
    assert.equal((await two.users.list()).length, 1);
    assert.ok((await logIn(one)).searchParams.has('code'));
    assert.equal((await logIn(kakao)).hostname, 'nowhere.invalid');
    await assert.rejects(kakao.world('one'), { status: 409 });
    await one.close();
    await two.close();
    await assert.rejects(one.reset(), /does not answer/);
  });

  test('saves, restores and exports', async () => {
    await kakao.snapshots.save('before');
    await kakao.users.add({ nickname: '잠깐' });
    const exported = await kakao.export();
    await kakao.snapshots.restore('before');
    assert.equal((await kakao.users.list()).length, 4);
    const copy = await kakao.world('copy', exported);
    assert.equal((await copy.users.list()).length, 5);
    await copy.close();
  });

  test('can be joined by its address, and runs on then', async () => {
    const joined = await createEmulator({ url: `${kakao.url}/` });
    assert.equal(joined.url, kakao.url);
    const mine = await joined.world('mine');
    await joined.close();
    await assert.rejects(mine.reset(), EmulatorError);
    await kakao.reset();
  });
});

test('begins with a seed, and returns to it', async () => {
  const kakao = await createEmulator({ seed: { users: [{ id: 9, nickname: '씨앗' }] } });
  await kakao.users.add({ nickname: '다른 사람' });
  await kakao.reset();
  assert.deepEqual((await kakao.users.list()).map(({ nickname }) => nickname), ['씨앗']);
  await kakao.close();
});

test('refuses a seed with mistakes, and leaves no process', async () => {
  await assert.rejects(createEmulator({ seed: { users: [{ id: -1, nickname: '' }] } }), (error) => {
    assert.deepEqual(error.mistakes.map(({ place }) => place), ['users[0].id', 'users[0].nickname']);
    return true;
  });
});

test('says what is wrong with a program that does not start', async () => {
  await assert.rejects(createEmulator({ binary: '/nowhere/kakaowasm' }), /nowhere\/kakaowasm could not be started: .*ENOENT/);
  await assert.rejects(createEmulator({ args: ['--no-such-flag'] }), /ended with code \d+\n[^]*unknown flag/);
  await assert.rejects(createEmulator({ url: 'http://127.0.0.1:1' }).then((kakao) => kakao.reset()), /does not answer: is it running\?/);
});

test('takes the program of its own version', () => {
  const { version, dependencies } = JSON.parse(readFileSync(new URL('package.json', import.meta.url)));
  assert.equal(dependencies['@kakaowasm/cli'], version);
});
