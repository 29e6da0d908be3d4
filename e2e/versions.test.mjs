// The SDK one version apart from relay page, token server and other tabs. The version before is played: by the harness as
// the token server (e2e/harness/older.go), by playOlderSDK as the SDK of a page.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { accept, clickLogin, heard, initialize, logInAtPlatform, login, loginAgain, openPage, request, stored, token, useSite } from './site.mjs';

/**
 * The SDK of the version before, as far as others notice: it writes a redirect down under names of its own, says nothing to
 * the relay page and the server but what it must, and tells tabs of a token without saying since when.
 */
function playOlderSDK([server, platform, appKey]) {
  const encode = (bytes) => btoa(String.fromCharCode(...bytes)).replace(/\+/g, '-').replace(/\//g, '_').replace(/=/g, '');
  const random = () => encode(crypto.getRandomValues(new Uint8Array(32)));
  const tabs = new BroadcastChannel(`kakaowasm:${appKey}`);
  const entry = { key: `kakaowasm:${appKey}`, held: `kakaowasm:${appKey}:held` };
  const older = { token: null, persist: true };

  function keep(answer, status) {
    older.token = `${Date.now() + answer.expires_in * 1000}.${answer.expires_in}.${answer.access_token}`;
    if (older.persist) localStorage.setItem(entry.key, older.token);
    else sessionStorage.setItem(entry.held, 'memory');
    tabs.postMessage({ status, token: older.token, persist: older.persist });
  }
  tabs.onmessage = ({ data: { status, token: told, persist } }) => {
    if (status === 'removed') older.token = null;
    else if (told && (persist || older.token)) older.token = told;
  };
  const ask = async (path, body) => (await fetch(`${server}/${path}`, {
    method: 'POST', credentials: 'include', headers: { Kakaowasm: '1', ...(body && { 'Content-Type': 'application/json' }) }, body: body && JSON.stringify(body),
  })).text().then((text) => text && JSON.parse(text));
  async function exchange({ code, error }, verifier) {
    if (error) throw new Error(error);
    keep(await ask('token', { code, code_verifier: verifier, redirect_uri: `${server}/callback` }), 'set');
  }
  async function begin(flow, returnTo) {
    const verifier = random();
    const state = `${flow}.${random()}.${encode(new TextEncoder().encode(returnTo))}`;
    const challenge = encode(new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(verifier))));
    const address = `${platform}/oauth/authorize?${new URLSearchParams({
      client_id: appKey, redirect_uri: `${server}/callback`, response_type: 'code', state, code_challenge: challenge, code_challenge_method: 'S256',
    })}`;
    return { state, verifier, address };
  }
  older.popup = async () => {
    const { state, verifier, address } = await begin('p', location.origin);
    const popup = window.open(address);
    const answer = await new Promise((resolve) => {
      new BroadcastChannel(`kakaowasm:${state}`).onmessage = ({ data }) => resolve(data);
      window.addEventListener('message', ({ data, source, origin }) => {
        if (source === popup && origin === new URL(server, location.href).origin) resolve(data);
      });
    });
    popup.close();
    await exchange(answer, verifier);
  };
  older.redirect = async () => {
    const ours = new URL(server, location.href).origin === location.origin;
    const { state, verifier, address } = await begin('r', ours ? `${location.origin}/` : location.href.split('#')[0]);
    sessionStorage.setItem(`kakaowasm:redirect:${state}`, `${verifier}   `);
    sessionStorage.setItem(`kakaowasm:return:${state}`, location.href);
    location.assign(address);
  };
  older.returned = async () => {
    const answer = JSON.parse(sessionStorage.getItem(Object.keys(sessionStorage).find((key) => key.startsWith('kakaowasm:result:'))));
    await exchange(answer, sessionStorage.getItem(`kakaowasm:redirect:${answer.state}`).split(' ')[0]);
  };
  older.renew = async () => keep(await ask('refresh'), 'renewed');
  older.logout = async () => {
    await ask('logout');
    older.token = null;
    localStorage.removeItem(entry.key);
    sessionStorage.removeItem(entry.held);
    tabs.postMessage({ status: 'removed' });
  };
  window.older = older;
}

describe('one version apart', () => {
  let site;
  let context;
  useSite((given) => { ({ site, context } = given); });

  const playOlder = (page) => page.evaluate(playOlderSDK, [`${site.page}/kakao`, site.platform, site.appKey]);

  /** A page with the SDK of the version before. */
  async function openOlder({ origin = site.page, path = '/blank' } = {}) {
    const page = await context.newPage();
    await page.goto(origin + path);
    await playOlder(page);
    return page;
  }

  /** The access token that an older page holds. */
  const olderToken = (page) => page.evaluate(() => window.older.token?.split('.').slice(2).join('.') ?? null);
  const hasOlderToken = (page, value) => page.waitForFunction((wanted) => (
    (window.older.token?.split('.').slice(2).join('.') ?? null) === wanted), value);
  const hasToken = (page, value) => page.waitForFunction((wanted) => Kakao.Auth.getAccessToken() === wanted, value);

  async function olderLogin(page, settings = {}) {
    const popup = page.waitForEvent('popup');
    const done = page.evaluate((given) => Object.assign(window.older, given).popup(), settings);
    await logInAtPlatform(await popup);
    await accept(await popup);
    await done;
  }

  for (const [where, origin] of [['its own origin', 'page'], ['another origin', 'foreign']]) {
    test(`an older relay page and token server, on ${where}: a login in a popup`, async () => {
      await site.control('older-server');
      const page = await openPage(context, site, { origin: site[origin] });
      await login(page);
      assert.deepEqual((await heard(page, 2)).map(([name]) => name), ['success', 'always']);
      assert.equal((await request(page, '/v2/user/me'))[0], 'success');
      assert.deepEqual(page.problems, []);
    });

    test(`an older relay page and token server, on ${where}: a login that leads the window away`, async () => {
      await site.control('older-server');
      const page = await openPage(context, site, { origin: site[origin], path: '/?x=1#part' });
      await page.evaluate((uri) => Kakao.Auth.authorize({ redirectUri: uri }), `${site.page}/kakao/callback`);
      await logInAtPlatform(page);
      await accept(page);
      await page.waitForURL((url) => url.href.startsWith(`${site[origin]}/?x=1`));
      await page.waitForLoadState();
      await initialize(page, site, {});
      await page.waitForFunction(() => Kakao.Auth.getAccessToken());
      assert.equal(page.url(), `${site[origin]}/?x=1#part`);
      assert.equal((await request(page, '/v2/user/me'))[0], 'success');
    });

    test(`an older SDK, on ${where}: a login in a popup`, async () => {
      const page = await openOlder({ origin: site[origin] });
      await olderLogin(page);
      assert.ok(await olderToken(page));
    });
  }

  test('a page that asks an older token server hears of a cancel', async () => {
    await site.control('older-server');
    const page = await openPage(context, site);
    const popup = await clickLogin(page);
    await logInAtPlatform(popup);
    await popup.click('button[name=decision][value=cancel]');
    assert.deepEqual((await heard(page, 2)).map(([name, { error }]) => [name, error]), [['fail', 'access_denied'], ['always', 'access_denied']]);
  });

  test('an older SDK on the relay page\'s origin: a login that leads the window away', async () => {
    const page = await openOlder({ path: '/blank?x=1' });
    await page.evaluate(() => window.older.redirect());
    await logInAtPlatform(page);
    await accept(page);
    await page.waitForURL(`${site.page}/blank?x=1`);
    await page.waitForLoadState();
    await playOlder(page);
    await page.evaluate(() => window.older.returned());
    assert.ok(await olderToken(page));
  });

  test('an older SDK on another origin, which does not tell the server that it begins: a way back, and no code', async () => {
    const page = await openOlder({ origin: site.foreign });
    await page.evaluate(() => window.older.redirect());
    await logInAtPlatform(page);
    await accept(page);
    await page.waitForSelector('#back:not([hidden])');
    assert.equal(page.url(), `${site.page}/kakao/callback`);
    assert.equal(await page.getAttribute('#back', 'href'), `${site.foreign}/`);
  });

  for (const [how, persist] of [['kept', true], ['in memory', false]]) {
    /** Two tabs of the two versions, with one login. A token in memory concerns tabs that hold one. */
    async function bothLoggedIn() {
      const [page, old] = [await openPage(context, site), await openOlder()];
      await olderLogin(old, { persist });
      if (!persist) await loginAgain(page, { persistAccessToken: false });
      await hasOlderToken(old, await token(page));
      return [page, old];
    }
    const lastEvent = async (page) => (await page.evaluate(() => window.tokenEvents)).at(-1).status;

    test(`two tabs, a token ${how}: the older one hears of login, renewal and logout`, async () => {
      const [page, old] = await bothLoggedIn();
      const before = await token(page);
      await site.control('expire-access-tokens');
      assert.equal((await request(page, '/v2/user/me'))[0], 'success');
      assert.notEqual(await token(page), before);
      await hasOlderToken(old, await token(page));
      await page.evaluate(() => Kakao.Auth.logout());
      await hasOlderToken(old, null);
      assert.deepEqual(await stored(page), { local: {}, session: {} });
    });

    test(`two tabs, a token ${how}: the newer one hears of login, renewal and logout`, async () => {
      const [page, old] = await bothLoggedIn();
      const before = await token(page);
      await old.evaluate(() => window.older.renew());
      assert.notEqual(await olderToken(old), before);
      await hasToken(page, await olderToken(old));
      assert.equal(await lastEvent(page), 'renewed');
      await page.reload();
      await initialize(page, site, {});
      await page.waitForFunction(() => Kakao.Auth.getAccessToken());
      await old.evaluate(() => window.older.logout());
      await hasToken(page, null);
      assert.equal(await lastEvent(page), 'removed');
    });
  }

  for (const mark of ['memory', 'persist']) {
    test(`a tab whose page of the version before left the word "${mark}" has its login again`, async () => {
      const old = await openOlder();
      await olderLogin(old, { persist: false });
      await old.evaluate(([key, word]) => sessionStorage.setItem(`kakaowasm:${key}:held`, word), [site.appKey, mark]);
      await old.goto(`${site.page}/`);
      await initialize(old, site, {});
      assert.equal(await old.evaluate(() => Kakao.Auth.getStatusInfo().then(({ status }) => status)), 'connected');
      await old.reload();
      await initialize(old, site, {});
      await old.waitForFunction(() => Kakao.Auth.getAccessToken());
      await old.evaluate(() => Kakao.Auth.logout());
      assert.equal(await token(old), null);
    });
  }
});
