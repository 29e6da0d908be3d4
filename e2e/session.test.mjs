import assert from 'node:assert/strict';
import { createCipheriv, createHash, randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { describe, test } from 'node:test';
import {
  accept, clickLogin, heard, initialize, logInAtPlatform, login, loginAgain, newContext, openPage, request, startBrowser, startSite, stored, token, useSite, USER,
} from './site.mjs';

/** The localStorage entry in which the legacy SDK kept a token: key and text. */
function legacyEntry(appKey, kept) {
  const md5 = (...parts) => createHash('md5').update(Buffer.concat(parts)).digest();
  const salt = randomBytes(8);
  const secret = Buffer.concat([Buffer.from(appKey), salt]);
  const first = md5(secret);
  const second = md5(first, secret);
  const cipher = createCipheriv('aes-256-cbc', Buffer.concat([first, second]), md5(second, secret));
  const text = Buffer.concat([Buffer.from('Salted__'), salt, cipher.update(kept), cipher.final()]).toString('base64');
  return [`kakao_${md5(Buffer.from(`kat${appKey}`)).toString('hex')}`, text];
}

describe('the life of a login', () => {
  let site;
  let context;
  useSite((used) => { ({ site, context } = used); });

  test('a 401 renews once and repeats the request; the page sees only the success', async () => {
    const page = await openPage(context, site);
    await login(page);
    const old = await token(page);
    await site.control('expire-access-tokens');
    assert.equal((await request(page, '/v2/user/me'))[0], 'success');
    assert.notEqual(await token(page), old);
    assert.equal((await site.counts()).refreshes, 1);
    assert.deepEqual((await page.evaluate(() => window.tokenEvents)).map(({ status }) => status), ['set', 'renewed']);
  });

  test('ten requests that meet a 401 at once renew once', async () => {
    const page = await openPage(context, site);
    await login(page);
    await site.control('expire-access-tokens');
    const answers = await Promise.all(Array.from({ length: 10 }, () => request(page, '/v2/user/me')));
    assert.ok(answers.every(([outcome]) => outcome === 'success'));
    const counts = await site.counts();
    assert.deepEqual([counts.refreshRequests, counts.refreshes], [1, 1]);
  });

  test('a login that is over: the 401 goes to fail, the token is removed, and nothing is asked again', async () => {
    const page = await openPage(context, site);
    await login(page);
    await site.control('expire-access-tokens');
    await site.control('expire-refresh-tokens');
    const [outcome, error] = await request(page, '/v2/user/me');
    assert.deepEqual([outcome, error.code], ['fail', -401]);
    assert.equal(await token(page), null);
    await request(page, '/v2/user/me');
    assert.equal((await site.counts()).refreshRequests, 1);
  });

  test('a token that the page set by itself is never renewed', async () => {
    const page = await openPage(context, site);
    await login(page);
    await page.evaluate(() => Kakao.Auth.setAccessToken('of-the-page'));
    const [outcome, error] = await request(page, '/v2/user/me');
    assert.deepEqual([outcome, error.code], ['fail', -401]);
    assert.equal(await token(page), 'of-the-page');
    assert.equal((await site.counts()).refreshRequests, 0);
  });

  for (const persistAccessToken of [true, false]) {
    test(`two tabs that renew at once make one request (persistAccessToken ${persistAccessToken})`, async () => {
      const first = await openPage(context, site);
      await login(first, { persistAccessToken });
      const second = await openPage(context, site);
      if (!persistAccessToken) await loginAgain(second, { persistAccessToken });
      const before = await site.counts();
      await site.control('expire-access-tokens');
      const answers = await Promise.all([request(first, '/v2/user/me'), request(second, '/v2/user/me')]);
      assert.deepEqual(answers.map(([outcome]) => outcome), ['success', 'success']);
      const after_ = await site.counts();
      assert.equal(after_.refreshes - before.refreshes, 1);
      assert.equal(await token(first), await token(second));
      if (persistAccessToken) assert.equal(after_.refreshRequests, 1);
    });
  }

  test('other tabs follow a logout', async () => {
    const first = await openPage(context, site);
    await login(first);
    const second = await openPage(context, site);
    assert.equal(await token(second), await token(first));
    await first.evaluate(() => Kakao.Auth.logout());
    await second.waitForFunction(() => Kakao.Auth.getAccessToken() === null);
  });

  test('logout: the callback hears true, and token, session and Kakao login are gone', async () => {
    const page = await openPage(context, site);
    await login(page);
    const old = await token(page);
    const order = await page.evaluate(async () => {
      const events = [];
      const promise = Kakao.Auth.logout((answer) => events.push([answer, Kakao.Auth.getAccessToken()]));
      events.push(['returned', Kakao.Auth.getAccessToken() !== null]);
      events.push(await promise);
      return events;
    });
    assert.deepEqual(order, [['returned', true], [true, null], true]);
    assert.deepEqual((await stored(page)).local, {});
    await page.evaluate((value) => Kakao.Auth.setAccessToken(value), old);
    assert.equal((await request(page, '/v2/user/me'))[1].code, -401);
    const session = await page.evaluate((base) => fetch(`${base}/kakao/session`).then((r) => r.json()), site.page);
    assert.equal(session.authenticated, false);
  });

  for (const part of ['api', 'server']) {
    test(`logout while ${part === 'api' ? 'kapi' : 'the token server'} is down still ends the login here`, async () => {
      const page = await openPage(context, site);
      await login(page);
      await site.control(`${part}-down`);
      assert.equal(await page.evaluate(() => new Promise((done) => { Kakao.Auth.logout(done); })), true);
      assert.equal(await token(page), null);
      assert.deepEqual((await stored(page)).local, {});
    });
  }

  test('getStatusInfo: at once without a token, with the user when connected, not connected when kapi is down', async () => {
    const page = await openPage(context, site);
    const atOnce = await page.evaluate(() => {
      let status;
      Kakao.Auth.getStatusInfo((answer) => { status = answer; });
      return status;
    });
    assert.deepEqual(atOnce, { status: 'not_connected' });
    await login(page);
    const connected = await page.evaluate(() => Kakao.Auth.getStatusInfo());
    assert.equal(connected.status, 'connected');
    assert.equal(String(connected.user.id), USER.id);
    await site.control('api-down');
    assert.deepEqual(await page.evaluate(() => Kakao.Auth.getStatusInfo()), { status: 'not_connected' });
    assert.notEqual(await token(page), null);
  });

  test('a network failure and an unreadable answer become the unknown error', async () => {
    const page = await openPage(context, site);
    await login(page);
    await site.control('api-down');
    assert.deepEqual(await request(page, '/v2/user/me'), ['fail', { code: -777, msg: 'Unknown error' }]);
    await site.control('kakao-up');
    await context.route(`${site.platform}/v2/user/me`, (route) => route.fulfill({ status: 200, body: '<html>', headers: { 'Access-Control-Allow-Origin': '*' } }));
    assert.deepEqual(await request(page, '/v2/user/me'), ['fail', { code: -777, msg: 'Unknown error' }]);
  });

  test('consent items: list, revoke, refuse to revoke, service terms, unlink', async () => {
    const page = await openPage(context, site);
    await login(page, { scope: 'account_email,profile_nickname' });
    const [, list] = await request(page, '/v2/user/scopes');
    const required = list.scopes.find(({ revocable }) => revocable === false);
    assert.equal((await request(page, '/v2/user/revoke/scopes', { scopes: [required.id] }))[1].code, -3);
    const [terms] = await request(page, '/v1/user/service/terms', { extra: 'app_service_terms' });
    assert.equal(terms, 'success');
    const [unlinked, answer] = await request(page, '/v1/user/unlink');
    assert.deepEqual([unlinked, String(answer.id)], ['success', USER.id]);
    assert.equal((await request(page, '/v2/user/me'))[0], 'fail');
  });

  for (const [where, origin] of [['on the same origin', 'page'], ['on another origin', 'foreign']]) {
    test(`authorize with the token server's callback completes after the return, token server ${where}`, async () => {
      const page = await openPage(context, site, { origin: site[origin] });
      await page.evaluate((uri) => Kakao.Auth.authorize({ redirectUri: uri, scope: 'openid,account_email' }), `${site.page}/kakao/callback`);
      await logInAtPlatform(page);
      await accept(page);
      await page.waitForURL((url) => url.origin === site[origin] && url.pathname === '/');
      const answer = await page.evaluate((key) => new Promise((resolve) => {
        Kakao.init(key, { success: (value) => resolve(['success', value]), fail: (value) => resolve(['fail', value]) });
      }), site.appKey);
      assert.equal(answer[0], 'success');
      assert.equal(await token(page), answer[1].access_token);
      assert.equal(page.url(), `${site[origin]}/`);
      assert.deepEqual((await stored(page)).session, {});
      assert.equal((await request(page, '/v2/user/me'))[0], 'success');
    });
  }

  test('a refusal comes back through the redirect as well', async () => {
    const page = await openPage(context, site);
    await page.evaluate((uri) => Kakao.Auth.authorize({ redirectUri: uri }), `${site.page}/kakao/callback`);
    await logInAtPlatform(page);
    await page.click('button[name=decision][value=cancel]');
    await page.waitForURL(`${site.page}/`);
    const answer = await page.evaluate((key) => new Promise((resolve) => {
      Kakao.init(key, { fail: resolve, success: resolve });
    }), site.appKey);
    assert.equal(answer.error, 'access_denied');
  });

  test("authorize with the page's own redirect URI is the legacy request: no PKCE, the page's state", async () => {
    const page = await openPage(context, site);
    await page.evaluate((uri) => Kakao.Auth.authorize({ redirectUri: uri, state: 'St-1' }), `${site.page}/own-callback`);
    await logInAtPlatform(page);
    await accept(page);
    await page.waitForURL((url) => url.pathname === '/own-callback');
    const query = new URL(page.url()).searchParams;
    assert.equal(query.get('state'), 'St-1');
    assert.ok(query.get('code'));
  });

  for (const [what, body] of [['nothing', ''], ['null', 'null'], ['a page', '<!doctype html>'], ['no token', '{}'], ['a token that is none', '{"access_token": 5}']]) {
    test(`a token server that answers 200 with ${what}: the request says what kapi said, and later ones still work`, async () => {
      const page = await openPage(context, site);
      await login(page);
      await site.control('expire-access-tokens');
      await context.route('**/kakao/refresh', (route) => route.fulfill({ status: 200, contentType: 'application/json', body }));
      const [outcome, error] = await request(page, '/v2/user/me');
      assert.deepEqual([outcome, error.code], ['fail', -401]);
      await context.unroute('**/kakao/refresh');
      assert.equal((await request(page, '/v2/user/me'))[0], 'success');
    });
  }

  for (const [what, value] of [['missing', undefined], ['zero', 0], ['no number', 'soon']]) {
    test(`a token whose lifetime is ${what} is not renewed over and over`, async () => {
      const page = await openPage(context, site);
      await context.route('**/kakao/token', async (route) => {
        const response = await route.fetch();
        await route.fulfill({ response, json: { ...await response.json(), expires_in: value } });
      });
      await login(page);
      assert.equal((await request(page, '/v2/user/me'))[0], 'success');
      assert.equal((await site.counts()).refreshRequests, 0);
    });
  }

  test('a page that hands the token of a login back with setAccessToken keeps its renewal and its logout', async () => {
    const page = await openPage(context, site);
    await login(page);
    await page.evaluate(() => Kakao.Auth.setAccessToken(Kakao.Auth.getAccessToken()));
    await site.control('expire-access-tokens');
    assert.equal((await request(page, '/v2/user/me'))[0], 'success');
    await page.evaluate(() => Kakao.Auth.logout());
    const session = await page.evaluate((base) => fetch(`${base}/kakao/session`).then((r) => r.json()), site.page);
    assert.equal(session.authenticated, false);
  });

  test('logout in a tab that holds no token of the login ends the session all the same', async () => {
    const first = await openPage(context, site);
    await login(first, { persistAccessToken: false });
    const second = await openPage(context, site);
    assert.equal(await token(second), null);
    await second.evaluate(() => Kakao.Auth.logout());
    const session = await second.evaluate((base) => fetch(`${base}/kakao/session`).then((r) => r.json()), site.page);
    assert.equal(session.authenticated, false);
  });

  test('a token that a page keeps to itself does not replace those of other tabs', async () => {
    const first = await openPage(context, site);
    await login(first);
    const old = await token(first);
    const second = await openPage(context, site);
    await second.evaluate(() => Kakao.Auth.setAccessToken('own', false));
    // What first hears next comes after what second has posted.
    await second.evaluate(() => Kakao.Auth.setAccessToken(null));
    await first.waitForFunction((value) => Kakao.Auth.getAccessToken() !== value, old);
    const heardByFirst = await first.evaluate(() => window.tokenEvents.map(({ status }) => status));
    assert.deepEqual(heardByFirst, ['set', 'removed']);
  });

  test('cleanup during the exchange: no callback, and no token under another app key', async () => {
    const page = await openPage(context, site);
    await context.route('**/kakao/token', async (route) => {
      const response = await route.fetch();
      await page.evaluate(() => { Kakao.cleanup(); Kakao.init('another key'); });
      await route.fulfill({ response });
    });
    const exchanged = page.waitForResponse('**/kakao/token');
    const popup = await clickLogin(page);
    await logInAtPlatform(popup);
    await accept(popup);
    await (await exchanged).finished();
    await request(page, '/v2/user/me'); // as a later answer than the exchange's
    assert.deepEqual(await page.evaluate(() => window.heard), []);
    assert.equal(await token(page), null);
    assert.deepEqual(Object.keys((await stored(page)).local), []);
  });

  test('a page that is busy as cleanup ends a login', async () => {
    const page = await openPage(context, site);
    await clickLogin(page);
    const thrown = await page.evaluate(() => {
      const until = Date.now() + 300;
      while (Date.now() < until);
      try { Kakao.cleanup(); } catch (error) { return String(error); }
      return null;
    });
    assert.equal(thrown, null);
    assert.deepEqual(page.problems, []);
  });

  test('a page whose locks are forbidden still renews', async () => {
    await context.addInitScript(() => {
      navigator.locks.request = () => Promise.reject(new DOMException('denied', 'SecurityError'));
    });
    const page = await openPage(context, site);
    await login(page);
    await site.control('expire-access-tokens');
    assert.equal((await request(page, '/v2/user/me'))[0], 'success');
  });

  test('strange messages on the channel of the tokens are not heard', async () => {
    const page = await openPage(context, site);
    await login(page);
    const before = await token(page);
    const other = await openPage(context, site, { path: '/blank', init: false });
    await other.evaluate((key) => {
      const channel = new BroadcastChannel(`kakaowasm:${key}`);
      for (const message of [null, 5, 'text', [], {}, { status: 'set' }, { status: 'set', token: 5 }, { status: 'renewed', token: '1' }]) {
        channel.postMessage(message);
      }
    }, site.appKey);
    assert.equal((await request(page, '/v2/user/me'))[0], 'success');
    assert.equal(await token(page), before);
  });

  test('a redirect comes back to the very address that it left, which Kakao never saw', async () => {
    const page = await openPage(context, site, { path: '/?private=1#/deep/link' });
    const asked = page.waitForRequest((r) => r.url().includes('/oauth/authorize'));
    await page.evaluate((uri) => Kakao.Auth.authorize({ redirectUri: uri }), `${site.page}/kakao/callback`);
    const state = new URL((await asked).url()).searchParams.get('state').split('.')[2];
    assert.equal(Buffer.from(state, 'base64url').toString(), `${site.page}/`);
    await logInAtPlatform(page);
    await accept(page);
    await page.waitForURL(`${site.page}/?private=1#/deep/link`);
  });

  test('a reload between the return and the answer of the token server does not lose the login', async () => {
    const page = await openPage(context, site);
    await context.route('**/kakao/token', async (route) => {
      await route.fetch();
      await page.reload(); // before the answer arrives
      await route.abort().catch(() => {});
    }, { times: 1 });
    const popup = await clickLogin(page);
    await logInAtPlatform(popup);
    await accept(popup);
    await page.waitForEvent('load');
    await page.evaluate((key) => Kakao.init(key), site.appKey);
    assert.equal((await page.evaluate(() => Kakao.Auth.getStatusInfo())).status, 'connected');
  });

  test('cleanup stops a renewal under way, and a token of another app key is not handed out', async () => {
    const page = await openPage(context, site);
    await login(page);
    const old = await token(page);
    let answer;
    await context.route('**/kakao/refresh', async (route) => {
      answer = await route.fetch();
      await page.evaluate(() => Kakao.cleanup());
      await route.fulfill({ response: answer });
    });
    const refreshed = page.waitForResponse('**/kakao/refresh');
    await page.evaluate(() => window.dispatchEvent(new Event('kakao:renew')));
    await (await refreshed).finished();
    assert.ok(answer.ok());
    await page.evaluate((key) => Kakao.init(key), site.appKey);
    assert.equal(await token(page), old);
    await page.evaluate(() => { Kakao.cleanup(); Kakao.init('another key'); });
    assert.equal(await token(page), null);
  });

  test('a logout that cleanup follows ends the login all the same', async () => {
    const page = await openPage(context, site);
    await login(page);
    await page.evaluate(() => { Kakao.Auth.logout(() => window.heard.push(['logout'])); Kakao.Auth.cleanup(); });
    assert.equal(await token(page), null);
    assert.deepEqual((await stored(page)).local, {});
    assert.equal(await page.evaluate(() => window.heard.length), 2, 'the callback of the logout is not called');
  });

  test('restoreSession: a login whose storage was cleared is found again, and one that the page ended is not', async () => {
    const asked = [];
    context.on('request', (r) => { if (/\/kakao\/(refresh|logout)$/.test(r.url())) asked.push(r.url().split('/').pop()); });
    const page = await openPage(context, site, { options: { restoreSession: true } });
    const comesBack = async () => {
      await page.evaluate(() => { localStorage.clear(); sessionStorage.clear(); });
      await page.reload();
      await initialize(page, site, { restoreSession: true });
      return page.evaluate(async () => {
        const [status, me] = await Promise.allSettled([Kakao.Auth.getStatusInfo(), Kakao.API.request({ url: '/v2/user/me' })]);
        return [status.value.status, me.status, Kakao.Auth.getAccessToken() !== null];
      });
    };
    await login(page);
    assert.deepEqual(await comesBack(), ['connected', 'fulfilled', true]);
    const ended = page.waitForResponse(/\/kakao\/logout$/);
    await page.evaluate(() => Kakao.Auth.setAccessToken(undefined));
    await ended;
    assert.deepEqual(await comesBack(), ['not_connected', 'rejected', false]);
    await loginAgain(page);
    await page.evaluate(() => Kakao.Auth.logout());
    assert.deepEqual(await comesBack(), ['not_connected', 'rejected', false]);
    assert.deepEqual(asked, ['refresh', 'refresh', 'logout', 'refresh', 'logout', 'refresh'], 'one for each visit without a token');
  });

  test('an unlink just before a logout reaches Kakao first', async () => {
    const page = await openPage(context, site);
    for (let i = 0; i < 5; i++) {
      const popup = await clickLogin(page);
      if (i === 0) await logInAtPlatform(popup);
      await accept(popup);
      await heard(page, 2);
      const [unlinked] = await page.evaluate(() => Promise.all([
        Kakao.API.request({ url: '/v1/user/unlink' }).then(() => 'unlinked', (error) => JSON.stringify(error)), Kakao.Auth.logout(),
      ]));
      assert.equal(unlinked, 'unlinked');
      assert.equal(await token(page), null);
      await page.evaluate(() => { window.heard.length = 0; });
    }
  });

  for (const channels of [true, false]) {
    test(`each tab sees what another one does, ${channels ? 'by the channel' : 'where there are no channels'}`, async () => {
      if (!channels) await context.addInitScript(() => { delete window.BroadcastChannel; });
      const [page, other] = [await openPage(context, site), await openPage(context, site)];
      const heardOf = (status) => other.waitForFunction((wanted) => window.tokenEvents.some((event) => event.status === wanted), status);
      await login(page);
      await heardOf('set');
      assert.equal(await token(other), await token(page));
      await page.evaluate(() => window.dispatchEvent(new Event('kakao:renew')));
      await heardOf('renewed');
      await page.evaluate(() => Kakao.Auth.logout());
      await heardOf('removed');
      assert.deepEqual(await other.evaluate(() => window.tokenEvents.map(({ status }) => status)), ['set', 'renewed', 'removed']);
    });
  }

  test('a token that the browser could not store stays when the user comes back to the page', async () => {
    await context.addInitScript(() => { Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError'); }; });
    const page = await openPage(context, site);
    await login(page);
    await page.evaluate(() => window.dispatchEvent(new Event('focus')));
    assert.ok(await token(page));
  });

  test('a token of the legacy SDK outlives the back/forward cache, and is gone after a logout', async () => {
    const page = await openPage(context, site, { init: false });
    const found = await page.evaluate(async ([key, entryKey, entry]) => {
      localStorage.setItem(entryKey, entry);
      Kakao.init(key);
      const first = Kakao.Auth.getAccessToken();
      window.dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }));
      const second = Kakao.Auth.getAccessToken();
      await Kakao.Auth.logout();
      return [first, second, Kakao.Auth.getAccessToken(), Object.keys(localStorage).filter((name) => !name.endsWith(':last'))];
    }, [site.appKey, ...legacyEntry(site.appKey, 'from-before')]);
    assert.deepEqual(found, ['from-before', 'from-before', null, []]);
  });

  test('a login that keeps nothing, of another page of the tab, is there when the user comes back to this one', async () => {
    const page = await openPage(context, site);
    await page.evaluate(() => new Promise((resolve) => {
      const frame = document.createElement('iframe'); // which shares the sessionStorage, as the next page of the tab would
      frame.name = 'other';
      frame.onload = resolve;
      frame.src = '/';
      document.body.append(frame);
    }));
    const other = page.frame('other');
    await other.evaluate((key) => {
      Kakao.init(key);
      document.getElementById('login').onclick = () => { window.answer = Kakao.Auth.login({ persistAccessToken: false }); };
    }, site.appKey);
    const opened = page.waitForEvent('popup');
    await other.click('#login');
    const popup = await opened;
    await logInAtPlatform(popup);
    await accept(popup);
    await other.evaluate(() => window.answer);
    assert.equal(await token(page), null);
    await page.evaluate(() => window.dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true })));
    assert.equal(await page.evaluate(() => Kakao.Auth.getStatusInfo().then(({ status }) => status)), 'connected');
  });

  test('cleanup stops a login under way without a word, and init may follow', async () => {
    const page = await openPage(context, site);
    await clickLogin(page);
    const quiet = await page.evaluate((key) => {
      Kakao.cleanup();
      const during = [Kakao.isInitialized(), Kakao.Auth.getAppKey()];
      Kakao.init(key);
      return [...during, Kakao.isInitialized(), Kakao.Auth.getAppKey()];
    }, site.appKey);
    assert.deepEqual(quiet, [false, null, true, site.appKey]);
    await login(page);
    assert.deepEqual((await page.evaluate(() => window.heard)).map(([name]) => name), ['success', 'always']);
  });
});

describe('renewal before expiry', () => {
  test('the token is renewed in the background, and a request never meets an expired one', async () => {
    const site = await startSite({ accessTTL: '10s' });
    const browser = await startBrowser();
    try {
      const context = await newContext(browser);
      const page = await openPage(context, site);
      const refused = [];
      page.on('response', (answer) => { if (answer.status() === 401) refused.push(answer.url()); });
      await login(page);
      const first = await token(page);
      await page.waitForFunction(() => window.tokenEvents.some(({ status }) => status === 'renewed'), null, { timeout: 20_000 });
      assert.notEqual(await token(page), first);
      assert.equal((await request(page, '/v2/user/me'))[0], 'success');
      assert.deepEqual(refused, []);
      assert.ok((await page.evaluate(() => window.tokenEvents)).every(({ status, expires_in: s }) => status === 'removed' || s <= 10));
    } finally {
      await browser.close();
      await site.close();
    }
  });
});

describe('the script on different pages', () => {
  let site;
  let context;
  useSite((used) => { ({ site, context } = used); });

  test('everything is there on the next line, and nothing else on window', async () => {
    const page = await context.newPage();
    await page.goto(`${site.page}/blank`);
    const before = await page.evaluate(() => Object.getOwnPropertyNames(window));
    const blank = new Set(before);
    await page.goto(site.page);
    const found = await page.evaluate((key) => {
      const early = [typeof Kakao.Auth, Kakao.isInitialized()];
      Kakao.init(key);
      return {
        early,
        late: [typeof Kakao.Auth.login, Kakao.Auth.getAccessToken(), Kakao.Auth.getAppKey() === key],
        globals: Object.getOwnPropertyNames(window),
      };
    }, site.appKey);
    assert.deepEqual(found.early, ['undefined', false]);
    assert.deepEqual(found.late, ['function', null, true]);
    assert.deepEqual(found.globals.filter((name) => !blank.has(name)), ['Kakao']);
  });

  for (const path of ['/euc-kr', '/csp']) {
    test(`it starts on ${path}`, async () => {
      const page = await openPage(context, site, { path });
      assert.equal(await token(page), null);
      assert.deepEqual(page.problems, []);
    });
  }

  test('it starts on an EUC-KR page from a file server that declares no character set', async () => {
    const page = await context.newPage();
    await page.goto(`${site.page}/undeclared`);
    assert.equal(await page.evaluate(() => document.characterSet), 'EUC-KR');
    await initialize(page, site);
    assert.equal(await token(page), null);
  });

  test("a Content-Security-Policy without 'wasm-unsafe-eval' gives an error that names the cure", async () => {
    const page = await openPage(context, site, { path: '/csp-without-wasm', init: false });
    const error = await page.evaluate((key) => {
      try {
        Kakao.init(key);
        return null;
      } catch (e) {
        return { name: e.name, code: e.code, hint: e.hint };
      }
    }, site.appKey);
    assert.equal(error.name, 'KakaoError');
    assert.equal(error.code, 'webassembly_forbidden');
    assert.match(error.hint, /wasm-unsafe-eval/);
  });

  test('wrong calls throw the legacy errors at once, with code, param and hint', async () => {
    const page = await openPage(context, site);
    const thrown = await page.evaluate(() => {
      const calls = [
        () => Kakao.init('again'),
        () => Kakao.Auth.login(null),
        () => Kakao.Auth.login({ bogus: 1, other: 2 }),
        () => Kakao.Auth.login({ fail: 2, success: 1 }),
        () => Kakao.Auth.login({ scope: undefined }),
        () => Kakao.Auth.createLoginButton({ bogus: 1 }),
        () => Kakao.Auth.createLoginButton({ container: '#nope' }),
        () => Kakao.Auth.createLoginButton({ container: '#container', lang: 'ko' }),
        () => Kakao.Auth.logout(0),
        () => Kakao.Auth.getStatusInfo('f'),
        () => Kakao.API.request({ url: '/v1/user/me' }),
        () => Kakao.API.request({}),
        () => Kakao.API.request({ url: '/v2/user/revoke/scopes' }),
        () => Kakao.API.request({ url: '/v2/user/me', data: { property_keys: 'a' } }),
        () => Kakao.API.request(Object.freeze({})),
      ];
      return calls.map((call) => {
        try {
          call();
          return null;
        } catch (e) {
          return [e.name, e.message, e.code, e.param];
        }
      });
    });
    assert.deepEqual(thrown, [
      ['KakaoError', 'Kakao.init: Already initialized', 'already_initialized', undefined],
      ['Error', 'params should be an Object', 'not_an_object', undefined],
      ['KakaoError', 'Invalid parameter keys: bogus,other at Auth.login', 'unknown_parameter', 'bogus,other'],
      ['KakaoError', 'Illegal argument for "fail" in Auth.login', 'illegal_parameter', 'fail'],
      ['KakaoError', 'Illegal argument for "scope" in Auth.login', 'illegal_parameter', 'scope'],
      ['KakaoError', 'Missing required keys: container at Auth.createLoginButton', 'missing_parameter', 'container'],
      ['KakaoError', 'container is required for Kakao login button: pass in element or id', 'illegal_parameter', undefined],
      ['KakaoError', 'Illegal argument for "lang" in Auth.createLoginButton', 'illegal_parameter', 'lang'],
      ['KakaoError', 'Illegal argument for Auth.logout', 'illegal_parameter', undefined],
      ['KakaoError', 'Illegal argument for Auth.getStatusInfo', 'illegal_parameter', undefined],
      ['KakaoError', 'Illegal argument for "url" in API.request', 'illegal_parameter', 'url'],
      ['KakaoError', 'Missing required keys: url at API.request', 'missing_parameter', 'url'],
      ['KakaoError', 'Missing required keys: scopes at API.request - /v2/user/revoke/scopes', 'missing_parameter', 'scopes'],
      ['KakaoError', 'Illegal argument for "property_keys" in API.request - /v2/user/me', 'illegal_parameter', 'property_keys'],
      ['TypeError', 'Cannot add property data, object is not extensible', 'illegal_parameter', 'data'],
    ]);
  });

  test('hostile arguments throw the legacy errors and nothing else, and the SDK goes on', async () => {
    const page = await openPage(context, site);
    const escaped = await page.evaluate(() => {
      const boom = () => { throw new RangeError('mine'); };
      const revoked = Proxy.revocable({}, {});
      revoked.revoke();
      const traps = (names) => Object.fromEntries(names.map((name) => [name, boom]));
      const cyclic = {};
      cyclic.self = cyclic;
      const values = [
        undefined, null, 0, -0, 1.5, NaN, Infinity, 1n, '', 'x'.repeat(3_000_000), '\ud800', '\0', Symbol('s'), true,
        boom, class {}, [], [1, , 3], new Array(4_000_000_000), {}, cyclic, [cyclic], new Date(NaN), /x/g, new Map(), new Error('e'),
        Object.create(null), Object.freeze({}), Object.freeze([]), revoked.proxy, new Proxy([], traps(['get'])),
        new Proxy({}, traps(['get', 'set', 'has', 'ownKeys', 'getOwnPropertyDescriptor', 'getPrototypeOf', 'isExtensible'])),
        new Proxy({}, traps(['ownKeys'])), new Proxy({}, traps(['set'])), new Proxy({}, { set: () => true }),
        new Proxy(boom, traps(['get', 'apply'])), new Proxy(document.createElement('div'), {}), window, document, location,
        { get scope() { return boom(); } }, { get url() { return boom(); } }, { get data() { return boom(); } }, { get throughTalk() { return boom(); } },
        { toString: boom, valueOf: boom }, { [Symbol.toPrimitive]: boom }, { toJSON: boom }, { then: boom },
        { get [Symbol.toStringTag]() { return boom(); } }, { [Symbol.toStringTag]: 'String', toString: boom },
        { [Symbol.toStringTag]: 'Boolean' }, { [Symbol.toStringTag]: 'FileList', length: 1e9 }, { [Symbol.toStringTag]: 'Function' },
        JSON.parse('{"__proto__":{"scope":1}}'), { ['__proto__']: 1, constructor: 1, hasOwnProperty: 1 }, { [Symbol('s')]: 1 },
        Object.fromEntries(Array.from({ length: 20_000 }, (_, i) => [`k${i}`, i])), { ['k'.repeat(2_000_000)]: 1 },
        new String('boxed'), new Number(1), Object(Symbol('s')), Object(1n), new Blob(['b']), new FormData(),
      ];
      const inside = (names) => values.flatMap((value) => names.map((name) => ({ [name]: value })));
      const urls = ['/v2/user/me', '/v1/user/update_profile', '/v2/api/talk/memo/default/send', '/v1/api/story/post/photo',
        '/v2/api/talk/message/image/upload', '/v1/api/story/upload/multi'];
      const data = ['property_keys', 'properties', 'template_object', 'image_url_list', 'content', 'file'];
      const attempts = [
        ...values.flatMap((value) => [
          () => Kakao.init(value), () => Kakao.init('key', value), () => Kakao.Auth.logout(value === boom ? 1 : value ?? 1),
          () => Kakao.Auth.setAccessToken(value, false), () => Kakao.Auth.getStatusInfo(value ?? 1), () => Kakao.API.request(value),
          ...['login', 'loginForm', 'autoLogin', 'issueAccessToken', 'createLoginButton', 'updateShippingAddress']
            .map((name) => () => Kakao.Auth[name](value)),
        ]),
        ...inside(['scope', 'success', 'persistAccessToken', '__proto__', 'bogus']).map((settings) => () => Kakao.Auth.login({ ...settings, deviceType: 'no' })),
        ...inside(['prompts', 'isPopup', 'state']).map((settings) => () => Kakao.Auth.authorize({ ...settings, deviceType: 'no' })),
        ...inside(['container']).map((settings) => () => Kakao.Auth.createLoginButton(settings)),
        ...inside(['addressId', 'close']).map((settings) => () => Kakao.Auth.updateShippingAddress({ ...settings, returnUrl: 1 })),
        ...inside(['url', 'data', 'files', 'file']).map((settings) => () => Kakao.API.request({ url: '/v1/user/service/terms', ...settings })),
        ...urls.flatMap((url) => inside(data).map((given) => () => Kakao.API.request({ url, data: given }))),
        ...urls.flatMap((url) => inside(['files']).map((given) => () => Kakao.API.request({ url, ...given }))),
      ];
      window.open = () => null; // the logins that nothing is wrong with
      window.fetch = () => Promise.reject(new Error('offline'));
      const legacy = (error) => ['KakaoError', 'TypeError', 'SyntaxError'].includes(error.name)
        || error.message === 'params should be an Object';
      return {
        attempts: attempts.length,
        escaped: attempts.flatMap((attempt) => {
          try {
            attempt();
            return [];
          } catch (error) {
            return legacy(error) && !/mine/.test(error.message) ? [] : [`${error.name}: ${String(error.message).slice(0, 200)} at ${attempt}`];
          }
        }),
        typeErrors: [...new Set(attempts.flatMap((attempt) => {
          try {
            attempt();
            return [];
          } catch (error) {
            return error.name === 'TypeError' || error.name === 'SyntaxError' ? [error.message.replace(/(property|execute) .*?(,| on)/, '$1 ...$2').slice(0, 90)] : [];
          }
        }))].sort(),
      };
    });
    assert.ok(escaped.attempts > 1500, `${escaped.attempts} attempts`);
    assert.deepEqual(escaped.escaped, []);
    assert.deepEqual(escaped.typeErrors, [
      'Cannot add property ..., object is not extensible',
      "Failed to execute ... on 'Document': The provided selector is empty.",
    ]);
    await page.evaluate(() => Kakao.Auth.setAccessToken('still here'));
    assert.equal(await token(page), 'still here');
  });

  test('an automatic login that cannot be never runs a redirect URI as a script', async () => {
    const page = await openPage(context, site);
    const refused = await page.evaluate(() => Kakao.Auth.authorize({
      redirectUri: ' javascript:window.ran = true//', autoLogin: true, ...window.recorder(['success', 'fail', 'always']),
    }));
    assert.equal(refused, false);
    assert.deepEqual((await heard(page, 2)).map(([name, answer]) => [name, answer.error]), [['fail', 'auto_login'], ['always', 'auto_login']]);
    assert.equal(await page.evaluate(() => window.ran), undefined);
  });

  test('markup that poses as the script tag does not choose the servers', async () => {
    const page = await context.newPage();
    await page.goto(`${site.page}/blank`);
    await page.setContent('<img name="currentScript" data-api-host="https://evil.example.test" data-server="https://evil.example.test/kakao">');
    const { version } = JSON.parse(await readFile('npm/package.json', 'utf8'));
    await page.addScriptTag({ url: `${site.page}/kakao/sdk/${version}/kakao.js` });
    const asked = page.waitForRequest((sent) => sent.url().endsWith('/v2/user/me'));
    await page.evaluate((key) => { Kakao.init(key); Kakao.Auth.setAccessToken('t'); Kakao.API.request({ url: '/v2/user/me' }); }, site.appKey);
    assert.equal(new URL((await asked).url()).origin, 'https://kapi.kakao.com');
  });

  test('a shipping-address window before the page has a body, and an official SDK whose init throws', async () => {
    const page = await openPage(context, site, { init: false });
    const problems = await page.evaluate((key) => {
      document.body.remove();
      window.addEventListener('error', (event) => event.preventDefault());
      const submitted = [];
      HTMLFormElement.prototype.submit = function submit() { submitted.push(this.action); };
      Kakao.init(key);
      Kakao.Auth.selectShippingAddress({ returnUrl: location.href });
      return [submitted, Kakao.isInitialized()];
    }, site.appKey);
    assert.deepEqual(problems, [['https://apps.kakao.com/user/address'], true]);
  });

  test('page code that replaces what the SDK calls may call the SDK from there, and may answer nonsense', async () => {
    const page = await openPage(context, site);
    const answers = await page.evaluate(async () => {
      const { fetch } = window;
      const { setItem } = Storage.prototype;
      const again = () => { Kakao.Auth.getAccessToken(); try { Kakao.Auth.login({ bogus: 1 }); } catch { /* expected */ } };
      window.fetch = (...args) => { again(); return fetch(...args); };
      Storage.prototype.setItem = function (...args) { again(); return setItem.apply(this, args); };
      Kakao.Auth.setAccessToken('wrong');
      const call = () => Kakao.API.request({ url: '/v2/user/me' }).catch((error) => error.code);
      const heard = [await call()];
      for (const nonsense of [null, 1, {}, { text: () => '{}' }, { text: () => { throw 1; }, status: 'x' }]) {
        window.fetch = () => Promise.resolve(nonsense);
        heard.push(await call());
      }
      return heard;
    });
    assert.deepEqual(answers, [-401, -777, -777, -777, -777, -777]);
  });

  test('createLoginButton: a labelled button that works by mouse and keyboard', async () => {
    const page = await openPage(context, site);
    await page.evaluate(() => Kakao.Auth.createLoginButton({ container: '#container', lang: 'en', size: 'large' }));
    const button = page.getByRole('button', { name: 'Login with Kakao' });
    assert.equal(await page.locator('#container > *').count(), 1);
    const byMouse = page.waitForEvent('popup');
    await button.click();
    await (await byMouse).close();
    await button.focus();
    const byKeyboard = page.waitForEvent('popup');
    await page.keyboard.press('Enter');
    await (await byKeyboard).close();
  });

  test('init on a copy of Kakao, as wrappers call it, gives the copy Auth and API', async () => {
    const page = await openPage(context, site, { init: false });
    assert.deepEqual(await page.evaluate((key) => {
      const copy = { ...Kakao };
      copy.init(key);
      return [copy.Auth === Kakao.Auth, copy.API === Kakao.API, typeof copy.Auth.login];
    }, site.appKey), [true, true, 'function']);
  });

  for (const extent of ['account', 'service']) {
    test(`logout of the Kakao Account, too: the user chooses "${extent}" and comes back logged out`, async () => {
      const page = await openPage(context, site);
      await login(page);
      await page.evaluate(() => Kakao.Auth.logout());
      await page.evaluate(() => { location.assign('/kakao/logout/account?return_to=/?bye'); });
      await page.click(`button[name=extent][value=${extent}]`);
      await page.waitForURL(`${site.page}/?bye`);
      const session = await page.evaluate(async () => (await fetch('/kakao/session')).json());
      assert.deepEqual(session, { authenticated: false });
      await initialize(page, site);
      const popup = await clickLogin(page);
      if (extent === 'account') await logInAtPlatform(popup); // otherwise the user is still logged in there
      await heard(page, 2);
      assert.equal((await request(page, '/v2/user/me'))[0], 'success');
    });
  }

  test('a link on another site logs nobody out', async () => {
    const page = await openPage(context, site);
    await login(page);
    await context.route('https://evil.example.test/', (route) => route.fulfill({
      contentType: 'text/html', body: `<a href="${site.page}/kakao/logout/account">a cat</a>`,
    }));
    const evil = await context.newPage();
    await evil.goto('https://evil.example.test/');
    const [answer] = await Promise.all([evil.waitForResponse((response) => response.url().endsWith('/logout/account')), evil.click('a')]);
    assert.equal(answer.status(), 403);
    const session = await page.evaluate(async () => (await fetch('/kakao/session')).json());
    assert.equal(session.authenticated, true);
  });

  test('a page that leaves while it logs out takes no token along', async () => {
    const page = await openPage(context, site);
    await page.evaluate(() => Kakao.Auth.setAccessToken('mine'));
    await page.evaluate(() => { Kakao.Auth.logout(); location.href = '/own-callback'; });
    await page.waitForURL('**/own-callback');
    assert.deepEqual((await stored(page)).local, {});
  });

  test('init: the same key again is fine where options.idempotent says so; http servers are refused', async () => {
    const page = await openPage(context, site, { init: false });
    const result = await page.evaluate((key) => {
      Kakao.init(key);
      Kakao.init(key, { idempotent: true });
      Kakao.cleanup();
      try {
        Kakao.init(key, { server: 'http://example.com/kakao' });
      } catch (e) {
        return [e.name, e.code, e.param, Kakao.isInitialized()];
      }
      return null;
    }, site.appKey);
    assert.deepEqual(result, ['KakaoError', 'illegal_parameter', 'server', false]);
  });

  test("the official SDK's other parts stay where they are", async () => {
    const page = await context.newPage();
    await page.addInitScript(() => {
      window.Kakao = { Share: { mark: 1 }, isInitialized: () => window.theirs !== undefined, init(key) { window.theirs = key; this.Auth = {}; this.API = {}; } };
    });
    await page.goto(site.page);
    const found = await page.evaluate((key) => {
      Kakao.init(key);
      return [Kakao.Share.mark, window.theirs === key, typeof Kakao.Auth.login];
    }, site.appKey);
    assert.deepEqual(found, [1, true, 'function']);
  });

  test('kakaoAsyncInit is called once, after the script', async () => {
    const page = await context.newPage();
    await page.addInitScript(() => {
      window.called = [];
      window.kakaoAsyncInit = (...args) => window.called.push([args.length, typeof Kakao]);
    });
    await page.goto(site.page);
    await page.waitForFunction(() => window.called.length > 0);
    assert.deepEqual(await page.evaluate(() => window.called), [[0, 'object']]);
  });
});
