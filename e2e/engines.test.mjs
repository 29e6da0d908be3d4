// What users do, in each browser engine: Chromium, Firefox and WebKit from Debian's packages. The
// scenarios are written once; engines/driver.mjs says what they need of a browser.
//
//   ENGINES=firefox SDK=dist/release node --test e2e/engines.test.mjs     in one of them only

import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe, test } from 'node:test';
import { until } from './engines/driver.mjs';
import { startChromium, startFirefox } from './engines/puppeteer.mjs';
import { startWebKit } from './engines/webkit.mjs';
import { accept, heard, initialize, logInAtPlatform, prepareLogin, request, startSite, stored, token, USER } from './site.mjs';

const ENGINES = { chromium: startChromium, firefox: startFirefox, webkit: startWebKit };

const chosen = process.env.ENGINES?.split(',') ?? Object.keys(ENGINES);

for (const name of chosen) describe(`logins in ${name}`, () => {
  let site;
  let browser;
  let profile;

  before(async () => {
    if (!ENGINES[name]) throw new Error(`ENGINES: ${name} is none of ${Object.keys(ENGINES)}`);
    site = await startSite();
    browser = await ENGINES[name]();
  });
  beforeEach(async () => {
    await site.control('reset');
    profile = await browser.profile();
  });
  afterEach(() => profile?.close());
  after(async () => {
    await browser?.close();
    await site?.close();
  });

  /** A test that, when it fails, tells which windows were open and where. */
  const scenario = (title, play) => test(title, () => play().catch(async (error) => {
    const windows = await profile.windows();
    const where = windows.map((window) => window.evaluate(() => `${location.origin}${location.pathname} (${document.readyState})`).catch(String));
    throw new Error(`${error.message}\nwindows: ${(await Promise.all(where)).join(', ')}`, { cause: error });
  }));

  const open = async (path = '/', origin = site.page) => {
    const page = await profile.open(origin + path);
    await initialize(page, site);
    return page;
  };

  /** Clicks the page's button, and answers the window that opens. */
  const clickLogin = async (page, settings) => {
    await prepareLogin(page, settings);
    const before_ = await profile.windows();
    await page.click('#login');
    return until('the popup', async () => (await profile.windows()).find((window) => !before_.includes(window)));
  };

  /** Waits until only so many windows are left. */
  const left = (count) => until(`${count} windows`, async () => (await profile.windows()).length === count);

  const login = async (page, settings) => {
    const popup = await clickLogin(page, settings);
    await logInAtPlatform(popup);
    await accept(popup);
    return heard(page, 2);
  };

  const session = (page) => page.evaluate(() => fetch('/kakao/session').then((answer) => answer.json()));

  for (const [where, origin] of [['the same origin', 'page'], ['another origin', 'foreign']]) {
    scenario(`a login in a popup, token server on ${where}: the page hears it, the window closes, the user is known`, async () => {
      const page = await open('/', site[origin]);
      const calls = await login(page);
      assert.deepEqual(calls.map(([outcome]) => outcome), ['success', 'always']);
      assert.equal(await token(page), calls[0][1].access_token);
      await left(1);
      const [outcome, me] = await request(page, '/v2/user/me');
      assert.deepEqual([outcome, String(me.id)], ['success', USER.id]);
    });
  }

  scenario('a login in a popup that the page\'s own opener policy cuts off, token server on another origin', async () => {
    const page = await open('/coop', site.foreign);
    const calls = await login(page);
    assert.deepEqual(calls.map(([outcome]) => outcome), ['success', 'always']);
    assert.equal(await token(page), calls[0][1].access_token);
    await left(1);
  });

  scenario('cancel on the consent page: access_denied, and the window closes', async () => {
    const page = await open();
    const popup = await clickLogin(page);
    await logInAtPlatform(popup);
    await popup.click('button[name=decision][value=cancel]');
    assert.deepEqual((await heard(page, 2)).map(([outcome, { error }]) => [outcome, error]), [['fail', 'access_denied'], ['always', 'access_denied']]);
    await left(1);
  });

  scenario('a popup that the user closes: popup_closed', async () => {
    const page = await open();
    const popup = await clickLogin(page);
    await popup.waitForFunction(() => document.querySelector('button[name=user]') !== null);
    await popup.close();
    assert.deepEqual((await heard(page, 2)).map(([outcome, { error }]) => [outcome, error]), [['fail', 'popup_closed'], ['always', 'popup_closed']]);
  });

  scenario('a popup that the browser blocks, as nobody clicked: popup_blocked', async () => {
    const page = await profile.open(`${site.page}/eager`);
    assert.deepEqual((await heard(page, 2)).map(([outcome, { error }]) => [outcome, error]), [['fail', 'popup_blocked'], ['always', 'popup_blocked']]);
    assert.equal((await profile.windows()).length, 1);
  });

  for (const [where, origin] of [['the same origin', 'page'], ['another origin', 'foreign']]) {
    scenario(`a redirect comes back to the page that it left, token server on ${where}`, async () => {
      const address = `${site[origin]}/?private=1#/deep/link`;
      const page = await profile.open(address);
      await initialize(page, site);
      await page.evaluate((redirectUri) => {
        document.getElementById('login').onclick = () => Kakao.Auth.authorize({ redirectUri });
      }, `${site.page}/kakao/callback`);
      await page.click('#login');
      await logInAtPlatform(page);
      await accept(page);
      await page.waitForFunction((wanted) => location.href.startsWith(wanted) && window.Kakao, `${site[origin]}/?private=1`);
      await initialize(page, site, {});
      await page.waitForFunction(() => Kakao.Auth.getAccessToken());
      assert.equal(await page.evaluate(() => location.href), address);
      assert.deepEqual((await stored(page)).session, {});
      assert.equal((await request(page, '/v2/user/me'))[0], 'success');
    });
  }

  for (const persistAccessToken of [true, false]) {
    scenario(`a reload keeps the login (persistAccessToken ${persistAccessToken})`, async () => {
      const page = await open();
      await login(page, { persistAccessToken });
      await page.reload();
      await initialize(page, site);
      assert.equal((await page.evaluate(() => Kakao.Auth.getStatusInfo())).status, 'connected');
    });
  }

  scenario('a token that has expired is renewed once, and the page sees only the success', async () => {
    const page = await open();
    await login(page);
    const old = await token(page);
    await site.control('expire-access-tokens');
    assert.equal((await request(page, '/v2/user/me'))[0], 'success');
    assert.notEqual(await token(page), old);
    assert.equal((await site.counts()).refreshes, 1);
  });

  scenario('two tabs: one renewal for both, and a logout that both see', async () => {
    const first = await open();
    await login(first);
    const second = await open();
    assert.equal(await token(second), await token(first));
    await site.control('expire-access-tokens');
    const begin = () => { window.asked = Kakao.API.request({ url: '/v2/user/me' }).then(() => 'success', ({ code }) => code); };
    await first.evaluate(begin);
    await second.evaluate(begin);
    for (const page of [first, second]) assert.equal(await page.evaluate(() => window.asked), 'success');
    assert.equal((await site.counts()).refreshes, 1);
    assert.equal(await token(first), await token(second));
    await first.evaluate(() => Kakao.Auth.logout());
    await second.waitForFunction(() => Kakao.Auth.getAccessToken() === null);
  });

  scenario('the back button: a page from before the login has the token, one from before the logout has none', async () => {
    const page = await open('/?first');
    const shown = async (address) => {
      await page.waitForFunction((wanted) => location.href === wanted && window.Kakao && document.readyState === 'complete', address);
      if (!await page.evaluate(() => Kakao.isInitialized())) await initialize(page, site); // the browser did not keep the page
    };
    await page.goto(`${site.page}/?second`);
    await initialize(page, site);
    await login(page);
    await page.back();
    await shown(`${site.page}/?first`);
    await page.waitForFunction(() => Kakao.Auth.getAccessToken());
    assert.equal((await request(page, '/v2/user/me'))[0], 'success');
    await page.goto(`${site.page}/?third`);
    await initialize(page, site);
    await page.evaluate(() => Kakao.Auth.logout());
    await page.back();
    await shown(`${site.page}/?first`);
    await page.waitForFunction(() => Kakao.Auth.getAccessToken() === null);
    assert.equal((await page.evaluate(() => Kakao.Auth.getStatusInfo())).status, 'not_connected');
  });

  scenario('a logout: token, storage and session are gone', async () => {
    const page = await open();
    await login(page);
    assert.equal((await session(page)).authenticated, true);
    assert.equal(await page.evaluate(() => Kakao.Auth.logout()), true);
    assert.equal(await token(page), null);
    assert.deepEqual((await stored(page)).local, {});
    assert.deepEqual(await session(page), { authenticated: false });
  });
});
