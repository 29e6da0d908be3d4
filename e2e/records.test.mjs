// Logins that another page instance goes on with than the one that began them, and what must not.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { accept, clickLogin, heard, initialize, logInAtPlatform, openPage, stored, token, useSite } from './site.mjs';

describe('a login is a record', () => {
  let site;
  let context;
  useSite((given) => { ({ site, context } = given); });

  /** A page that has come back from Kakao with an answer, and has not called init. */
  async function returned() {
    const page = await openPage(context, site);
    await page.evaluate((uri) => Kakao.Auth.authorize({ redirectUri: uri }), `${site.page}/kakao/callback`);
    await logInAtPlatform(page);
    await accept(page);
    await page.waitForURL(`${site.page}/`);
    await page.waitForLoadState();
    return page;
  }

  /** Records what the page hears of logins, in window.logins. */
  const listens = (page) => page.evaluate(() => {
    window.logins = [];
    window.addEventListener('kakao:login', ({ detail }) => window.logins.push(detail));
  });
  const logins = async (page, n = 1) => {
    await page.waitForFunction((count) => window.logins.length >= count, n);
    return page.evaluate(() => window.logins);
  };
  /** How many requests the token server gets, from now on. */
  const exchanges = () => {
    const asked = [];
    context.on('request', (request) => { if (request.url().endsWith('/kakao/token')) asked.push(request); });
    return asked;
  };
  const loginKeys = (page) => page.evaluate(() => Object.keys(sessionStorage).filter((key) => /^kakaowasm:(login|return|result):/.test(key)));

  test('StrictMode: init, cleanup and init in one task; the second init hears, once, and so does kakao:login', async () => {
    const page = await returned();
    await listens(page);
    await page.evaluate((key) => {
      window.heard = [];
      const settings = (who) => ({
        success: ({ access_token: t }) => heard.push([who, 'success', t]), fail: (e) => heard.push([who, 'fail', e.error]), always: () => heard.push([who, 'always']),
      });
      Kakao.init(key, settings('first'));
      Kakao.cleanup();
      Kakao.init(key, settings('second'));
    }, site.appKey);
    const all = await heard(page, 2);
    assert.deepEqual(all.map(([who, what]) => [who, what]), [['second', 'success'], ['second', 'always']]);
    assert.equal(await token(page), all[0][2]);
    assert.deepEqual(await logins(page), [{ kind: 'redirect', status: 'success' }]);
    assert.deepEqual(await loginKeys(page), []);
    await page.reload();
    await listens(page);
    await initialize(page, site, {});
    await page.evaluate(() => Kakao.Auth.getStatusInfo());
    assert.deepEqual(await page.evaluate(() => window.logins), []);
  });

  test('a window with a copy of the sessionStorage: one of the two exchanges, and both have the token', async () => {
    const page = await returned();
    const asked = exchanges();
    const opened = page.waitForEvent('popup');
    await page.evaluate(() => { window.open('/'); });
    const copy = await opened;
    await copy.waitForLoadState();
    assert.equal((await loginKeys(copy)).length, 3, 'the copy has the record');
    await Promise.all([page, copy].map((p) => listens(p)));
    await Promise.all([page, copy].map((p) => p.evaluate((key) => Kakao.init(key), site.appKey)));
    await Promise.all([page, copy].map((p) => p.waitForFunction(() => Kakao.Auth.getAccessToken())));
    assert.equal(await token(page), await token(copy));
    for (const p of [page, copy]) await p.waitForFunction(() => !Object.keys(sessionStorage).some((key) => key.startsWith('kakaowasm:login:')));
    assert.equal(asked.length, 1);
    assert.equal((await page.evaluate(() => window.logins.length)) + (await copy.evaluate(() => window.logins.length)), 1);
  });

  test('a frame shares the sessionStorage of its top, and does not go on with its login', async () => {
    const page = await returned();
    const asked = exchanges();
    await page.evaluate((key) => new Promise((resolve) => {
      const frame = document.createElement('iframe');
      frame.src = '/';
      frame.onload = () => { frame.contentWindow.Kakao.init(key); resolve(frame.contentWindow.Kakao.Auth.getStatusInfo()); };
      document.body.append(frame);
    }), site.appKey);
    assert.equal((await loginKeys(page)).length, 3);
    assert.equal(asked.length, 0);
    await initialize(page, site, {});
    await page.waitForFunction(() => Kakao.Auth.getAccessToken());
  });

  test('an answer that nobody asked for writes, removes and navigates nothing', async () => {
    const page = await openPage(context, site, { init: false });
    const asked = exchanges();
    const answer = JSON.stringify({ kakaowasm: 1, state: 'r.planted', code: 'c' });
    await page.evaluate((text) => {
      sessionStorage.setItem('kakaowasm:result:r.planted', text);
      sessionStorage.setItem('kakaowasm:return:r.planted', 'https://evil.example/');
    }, answer);
    const address = `${site.page}/?x=1#kakaowasm=${encodeURIComponent(answer)}`;
    await page.goto(address);
    const before = await stored(page);
    await initialize(page, site, {});
    assert.equal((await page.evaluate(() => Kakao.Auth.getStatusInfo())).status, 'not_connected');
    assert.equal(page.url(), address);
    assert.deepEqual(await stored(page), before);
    assert.equal(asked.length, 0);
  });

  test('a late answer: the user has logged out in another tab meanwhile', async () => {
    const page = await returned();
    const other = await openPage(context, site);
    await other.evaluate(() => Kakao.Auth.logout());
    await listens(page);
    await initialize(page, site, {});
    assert.deepEqual((await logins(page)).map(({ error }) => error), ['state_mismatch']);
    assert.equal(await token(page), null);
    assert.deepEqual(await loginKeys(page), []);
  });

  test('a record that is more than ten minutes old ends as timeout', async () => {
    const page = await returned();
    const asked = exchanges();
    await page.evaluate(() => {
      const key = Object.keys(sessionStorage).find((name) => name.startsWith('kakaowasm:login:'));
      const [began, ...rest] = sessionStorage.getItem(key).split(' ');
      sessionStorage.setItem(key, [began - 10 * 60_000, ...rest].join(' '));
    });
    await listens(page);
    await initialize(page, site, {});
    assert.deepEqual((await logins(page)).map(({ error }) => error), ['timeout']);
    assert.deepEqual(await loginKeys(page), []);
    assert.equal(asked.length, 0);
  });

  test('a page that is reloaded while its popup is open hears the answer', async () => {
    const page = await openPage(context, site);
    const popup = await clickLogin(page);
    await popup.waitForSelector('button[name=user]');
    await page.reload();
    await listens(page);
    await initialize(page, site, { success: undefined });
    await page.waitForFunction(async () => (await navigator.locks.query()).held.some(({ name }) => name.startsWith('kakaowasm:login:')));
    await logInAtPlatform(popup);
    await accept(popup);
    assert.deepEqual(await logins(page), [{ kind: 'popup', status: 'success' }]);
    assert.ok(await token(page));
  });

  test('every end of a login in a popup is told, and no record is left of it', async () => {
    const page = await openPage(context, site);
    await listens(page);
    const popup = await clickLogin(page);
    assert.equal((await loginKeys(page)).length, 2);
    await logInAtPlatform(popup);
    await popup.click('button[name=decision][value=cancel]');
    assert.deepEqual((await logins(page)).map(({ kind, status, error }) => [kind, status, error]), [['popup', 'fail', 'access_denied']]);
    assert.deepEqual(await loginKeys(page), []);
  });
});
