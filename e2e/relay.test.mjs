// The relay page in a browser: it leads only where this browser has asked to go, and a login survives its page.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { accept, clickLogin, initialize, logInAtPlatform, openPage, token, useSite } from './site.mjs';

const encode = (text) => Buffer.from(text).toString('base64url');

describe('the relay page', () => {
  let site;
  let context;
  useSite((given) => { ({ site, context } = given); });

  /** Every navigation of the site's own origin, with what Sec-Fetch-Site said. */
  function navigations() {
    const seen = [];
    context.on('request', (request) => {
      if (request.isNavigationRequest()) seen.push(request.allHeaders().then((headers) => [request.url(), headers['sec-fetch-site']]));
    });
    return async () => (await Promise.all(seen)).filter(([url]) => url.startsWith(site.page));
  }

  test('a link of another site navigates no further, and tells the tab nothing', async () => {
    const page = await openPage(context, site, { origin: site.foreign });
    for (const target of ['/kakao/logout/account', '/kakao/logout/account?return_to=/bye', '/', '/own-callback?code=x']) {
      const seen = navigations();
      const state = `r.${'A'.repeat(24)}.${encode(site.page + target)}`;
      await page.goto(site.foreign);
      await page.evaluate((href) => {
        const link = Object.assign(document.createElement('a'), { href, textContent: 'go', id: 'lure' });
        document.body.append(link);
      }, `${site.page}/kakao/callback?code=x&state=${state}`);
      await page.click('#lure');
      await page.waitForSelector('#back:not([hidden])');
      assert.equal(page.url(), `${site.page}/kakao/callback`);
      assert.deepEqual((await seen()).map(([url, from]) => [new URL(url).pathname, from]), [['/kakao/callback', 'same-site']], target);
      assert.equal(await page.getAttribute('#back', 'href'), `${site.page}/`);
      assert.equal(await page.evaluate(() => sessionStorage.length), 0);
      context.removeAllListeners('request');
    }
  });

  test('a login of this tab comes back to the address that its page has left', async () => {
    const page = await openPage(context, site, { path: '/?x=1#part' });
    await page.evaluate((uri) => Kakao.Auth.authorize({ redirectUri: uri }), `${site.page}/kakao/callback`);
    await logInAtPlatform(page);
    const seen = navigations();
    await accept(page);
    await page.waitForURL(`${site.page}/?x=1#part`);
    assert.deepEqual((await seen()).at(-1), [`${site.page}/?x=1`, 'same-origin']);
    context.removeAllListeners('request');
  });

  test('a page on another origin that the server was not told of gets a way back, and no code', async () => {
    const page = await openPage(context, site, { origin: site.foreign, options: { server: `${site.page}/kakao` } });
    await page.evaluate(() => { Navigator.prototype.sendBeacon = () => true; }); // lost
    await page.evaluate((uri) => Kakao.Auth.authorize({ redirectUri: uri }), `${site.page}/kakao/callback`);
    await logInAtPlatform(page);
    await accept(page);
    await page.waitForSelector('#back:not([hidden])');
    assert.equal(page.url(), `${site.page}/kakao/callback`);
    assert.equal(await page.getAttribute('#back', 'href'), `${site.foreign}/`);
  });

  for (const [where, origin] of [['the same origin', 'page'], ['another origin', 'foreign']]) {
    test(`a popup whose page is gone, on ${where}, completes the login in its own window`, async () => {
      const page = await openPage(context, site, { origin: site[origin], options: { server: `${site.page}/kakao` } });
      const popup = await clickLogin(page);
      await popup.waitForSelector('button[name=user]');
      await page.close();
      await logInAtPlatform(popup);
      await accept(popup);
      await popup.waitForURL((url) => url.href.startsWith(`${site[origin]}/`) && !url.pathname.startsWith('/kakao/'));
      await popup.waitForLoadState();
      await initialize(popup, site, { server: `${site.page}/kakao` });
      await popup.waitForFunction(() => Kakao.Auth.getAccessToken());
      assert.ok(await token(popup));
      assert.ok(!popup.url().includes('kakaowasm='), popup.url());
    });
  }

  test('a token server that is not there ends the login, and closes the window', async () => {
    for (const answer of ['refused', 'a single-page app']) {
      const page = await openPage(context, site, { options: { server: `${site.page}/kakao` } });
      const warned = page.waitForEvent('console', (message) => message.text().includes(`${site.page}/kakao`));
      await page.route('**/kakao/session', (route) => (
        answer === 'refused' ? route.abort('connectionrefused') : route.fulfill({ contentType: 'text/html', body: '<!doctype html><div id=app>' })));
      const popup = await clickLogin(page);
      const closed = popup.isClosed() ? undefined : popup.waitForEvent('close');
      const [outcome, error] = await page.evaluate(() => window.promised);
      assert.deepEqual([outcome, error.error], ['rejected', 'server_unavailable'], answer);
      assert.ok(error.error_description.includes(`${site.page}/kakao`), error.error_description);
      await Promise.all([closed, warned]);
      await page.close();
    }
  });

  test('a window that comes back to another page than the relay page ends the login', async () => {
    const page = await openPage(context, site);
    await context.route('**/kakao/callback?**', (route) => route.fulfill({ contentType: 'text/html', body: '<!doctype html><div id=app>' }));
    const popup = await clickLogin(page);
    await popup.waitForSelector('button[name=user]');
    await popup.goto(`${site.page}/kakao/callback?code=c&state=s`); // redirects are not routed
    const [outcome, error] = await page.evaluate(() => window.promised);
    assert.deepEqual([outcome, error.error], ['rejected', 'server_unavailable']);
  });

  test('a page whose origin the server does not allow hears so while the window is open', async () => {
    const page = await openPage(context, site, { origin: site.foreign.replace('127.0.0.1', 'localhost'), options: { server: `${site.page}/kakao` } });
    await clickLogin(page);
    const [outcome, error] = await page.evaluate(() => window.promised);
    assert.deepEqual([outcome, error.error], ['rejected', 'server_unavailable']);
    assert.ok(error.error_description.includes(new URL(page.url()).origin), error.error_description);
  });
});
