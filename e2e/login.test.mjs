import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  accept, clickLogin, heard, logInAtPlatform, login, openPage, request, stored, token, useSite, USER,
} from './site.mjs';

/** Has the SDK exchange a code that nobody knows, and says what its promise is rejected with. */
const failedExchange = (page, site) => page.evaluate(
  (redirectUri) => Kakao.Auth.issueAccessToken({ code: 'unknown', redirectUri }).catch((error) => ({
    names: Object.keys({ ...error }), plain: Object.getPrototypeOf(error) === Object.prototype, hint: error.hint,
  })),
  `${site.page}/own-callback`,
);

describe('login in a popup', () => {
  let site;
  let context;
  useSite((used) => { ({ site, context } = used); });

  test('success, then always, then the promise; and /v2/user/me shows the user', async () => {
    const page = await openPage(context, site);
    await login(page);
    const calls = await page.evaluate(() => window.heard);
    assert.deepEqual(calls.map(([name]) => name), ['success', 'always']);
    const [, answer] = calls[0];
    assert.equal(answer.token_type, 'bearer');
    assert.ok(answer.access_token && answer.expires_in > 40000 && answer.scope);
    assert.ok(!('refresh_token' in answer) && answer.refresh_token_expires_in > answer.expires_in);
    assert.deepEqual(calls[1][1], answer);
    assert.deepEqual(await page.evaluate(() => window.promised), ['resolved', answer]);
    assert.equal(await token(page), answer.access_token);

    const [outcome, me] = await request(page, '/v2/user/me');
    assert.equal(outcome, 'success');
    assert.equal(String(me.id), USER.id);
    assert.ok(me.kakao_account.profile.nickname);
    assert.deepEqual(page.problems, []);
  });

  test('the popup closes by itself', async () => {
    const page = await openPage(context, site);
    const popup = await clickLogin(page);
    const closed = popup.waitForEvent('close');
    await logInAtPlatform(popup);
    await accept(popup);
    await closed;
    await heard(page, 2);
  });

  test('the authorization request carries state, PKCE S256 and our redirect URI; a nonce only with openid', async () => {
    const page = await openPage(context, site);
    const opened = await page.evaluate(() => {
      const urls = [];
      const { open } = window;
      window.open = (url) => { urls.push(url); return null; };
      Kakao.Auth.login({});
      Kakao.Auth.login({ scope: 'openid,account_email' });
      window.open = open;
      return urls;
    });
    const [plain, oidc] = opened.map((url) => new URL(url).searchParams);
    for (const query of [plain, oidc]) {
      assert.equal(query.get('client_id'), site.appKey);
      assert.equal(query.get('response_type'), 'code');
      assert.equal(query.get('redirect_uri'), `${site.page}/kakao/callback`);
      assert.equal(query.get('code_challenge_method'), 'S256');
      assert.match(query.get('code_challenge'), /^[\w-]{43}$/);
      assert.match(query.get('state'), /^p\.[\w-]{43}\.[\w-]+$/);
    }
    assert.notEqual(plain.get('state'), oidc.get('state'));
    assert.notEqual(plain.get('code_challenge'), oidc.get('code_challenge'));
    assert.equal(plain.get('nonce'), null);
    assert.match(oidc.get('nonce'), /^[\w-]{43}$/);
  });

  test('openid brings an ID token whose nonce is the one that was sent', async () => {
    const page = await openPage(context, site);
    await login(page, { scope: 'openid,account_email' });
    const [[name, answer]] = await page.evaluate(() => window.heard);
    assert.equal(name, 'success');
    const claims = JSON.parse(Buffer.from(answer.id_token.split('.')[1], 'base64url'));
    assert.equal(claims.sub, USER.id);
    assert.equal(claims.aud, site.appKey);
    assert.match(claims.nonce, /^[\w-]{43}$/);
  });

  test('cancel on the consent page: fail, then always, with access_denied', async () => {
    const page = await openPage(context, site);
    const popup = await clickLogin(page);
    await logInAtPlatform(popup);
    await popup.click('button[name=decision][value=cancel]');
    const calls = await heard(page, 2);
    assert.deepEqual(calls.map(([name]) => name), ['fail', 'always']);
    assert.equal(calls[0][1].error, 'access_denied');
    assert.equal(calls[0][1].error_description, 'User denied access');
    assert.deepEqual(await page.evaluate(() => window.promised), ['rejected', calls[0][1]]);
    assert.equal(await token(page), null);
  });

  test('a popup that the user closes: fail, then always, with popup_closed', async () => {
    const page = await openPage(context, site);
    const popup = await clickLogin(page);
    await popup.waitForSelector('button[name=user]');
    await popup.close();
    const calls = await heard(page, 2);
    assert.deepEqual(calls.map(([name, answer]) => [name, answer.error]), [['fail', 'popup_closed'], ['always', 'popup_closed']]);
  });

  test('a popup that the user closes before the platform has answered', async () => {
    const page = await openPage(context, site);
    await context.route(`${site.platform}/oauth/authorize**`, () => {});
    await page.evaluate(() => {
      const { open } = window;
      window.open = (...args) => (window.popup = open(...args));
      document.getElementById('login').onclick = () => Kakao.Auth.login(window.recorder(['success', 'fail', 'always']));
    });
    await page.click('#login');
    await page.evaluate(() => window.popup.close());
    const calls = await heard(page, 2);
    assert.deepEqual(calls.map(([name, answer]) => [name, answer.error]), [['fail', 'popup_closed'], ['always', 'popup_closed']]);
  });

  test('a blocked popup: fail, then always, with popup_blocked, after login has returned', async () => {
    const page = await openPage(context, site);
    const order = await page.evaluate(async () => {
      window.open = () => null;
      const events = [];
      const promise = Kakao.Auth.login({
        fail: (e) => events.push(['fail', e.error]),
        always: (e) => events.push(['always', e.error]),
      });
      events.push(['returned']);
      await promise.catch((e) => events.push(['rejected', e.error]));
      return events;
    });
    assert.deepEqual(order, [['returned'], ['fail', 'popup_blocked'], ['always', 'popup_blocked'], ['rejected', 'popup_blocked']]);
  });

  test('a second login while one is open closes the first window and takes its place; each hears its own end', async () => {
    const page = await openPage(context, site);
    const first = await clickLogin(page, {});
    const closed = first.waitForEvent('close');
    const second = await clickLogin(page, {});
    await closed;
    assert.deepEqual((await heard(page, 2)).map(([name, answer]) => [name, answer.error]),
      [['fail', 'popup_closed'], ['always', 'popup_closed']]);
    await logInAtPlatform(second);
    await accept(second);
    const calls = await heard(page, 4);
    assert.deepEqual(calls.slice(2).map(([name]) => name), ['success', 'always']);
    assert.equal(await token(page), calls[2][1].access_token);
  });

  test('a wrong state from the relay ends in no login and no exchange', async () => {
    const page = await openPage(context, site);
    const popup = await clickLogin(page);
    await popup.waitForSelector('button[name=user]');
    const returnTo = Buffer.from(site.page).toString('base64url');
    await popup.goto(`${site.page}/kakao/callback?code=stolen&state=p.${'A'.repeat(43)}.${returnTo}`).catch(() => {});
    const calls = await heard(page, 2);
    assert.deepEqual(calls.map(([name]) => name), ['fail', 'always']);
    assert.ok(['state_mismatch', 'popup_closed'].includes(calls[0][1].error));
    assert.equal(await token(page), null);
    assert.equal((await site.counts()).exchanges, 0);
  });

  test('a wrong state on the right channel is refused as state_mismatch', async () => {
    const page = await openPage(context, site);
    const popup = await clickLogin(page);
    await popup.waitForSelector('button[name=user]');
    const other = await openPage(context, site, { path: '/blank', init: false });
    await other.evaluate((state) => {
      new BroadcastChannel(`kakaowasm:${state}`).postMessage({ kakaowasm: 1, state: 'p.other.other', code: 'stolen' });
    }, new URL(await page.evaluate(() => window.opened)).searchParams.get('state'));
    const calls = await heard(page, 2);
    assert.deepEqual(calls.map(([name, answer]) => [name, answer.error]), [['fail', 'state_mismatch'], ['always', 'state_mismatch']]);
    assert.equal((await site.counts()).exchanges, 0);
  });

  test('window messages of other windows and origins are not heard', async () => {
    const page = await openPage(context, site);
    const popup = await clickLogin(page);
    await popup.waitForSelector('button[name=user]');
    await page.evaluate(() => {
      window.postMessage({ kakaowasm: 1, state: 'p.x.y', code: 'stolen' }, '*');
      window.postMessage({ kakaowasm: 1, state: 'p.x.y', error: 'access_denied' }, '*');
    });
    await popup.evaluate(() => {
      window.opener.postMessage({ kakaowasm: 1, state: 'p.x.y', code: 'stolen' }, '*');
    });
    await logInAtPlatform(popup);
    await accept(popup);
    const calls = await heard(page, 2);
    assert.deepEqual(calls.map(([name]) => name), ['success', 'always']);
  });

  test('window messages put together at random, the right state among them, are not heard', async () => {
    const page = await openPage(context, site);
    const popup = await clickLogin(page);
    await popup.waitForSelector('button[name=user]');
    const state = new URL(await page.evaluate(() => window.opened)).searchParams.get('state');
    for (const sender of [page, popup]) {
      await sender.evaluate((right) => {
        let seed = 20261121; // the same messages in every run
        const one = (list) => {
          seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
          return list[Math.floor((seed / 2 ** 32) * list.length)];
        };
        const values = [undefined, null, true, 0, 1, NaN, -1n, '', 'stolen', right, [], {}, [right], { state: right }, new Date(0), new Map([['state', right]])];
        for (let i = 0; i < 1000; i++) {
          const whole = { kakaowasm: one([1, ...values]), state: one([right, ...values]), code: one(values), error: one(values), hint: one(values) };
          (window.opener ?? window).postMessage(one([whole, whole, whole, one(values)]), '*');
        }
      }, state);
    }
    await logInAtPlatform(popup);
    await accept(popup);
    const calls = await heard(page, 2);
    assert.deepEqual(calls.map(([name]) => name), ['success', 'always']);
    assert.equal((await site.counts()).exchanges, 1);
    assert.deepEqual(page.problems, []);
  });

  test('under Cross-Origin-Opener-Policy: same-origin', async () => {
    const page = await openPage(context, site, { path: '/coop' });
    await login(page);
    assert.equal((await page.evaluate(() => window.heard))[0][0], 'success');
    assert.equal((await request(page, '/v2/user/me'))[0], 'success');
  });

  test('from a page on another origin than the token server', async () => {
    const page = await openPage(context, site, { origin: site.foreign });
    await login(page);
    assert.equal((await page.evaluate(() => window.heard))[0][0], 'success');
    assert.equal((await request(page, '/v2/user/me'))[0], 'success');
  });

  test('a dead token server: fail with server_unavailable, and the older token is kept', async () => {
    const page = await openPage(context, site);
    await page.evaluate(() => Kakao.Auth.setAccessToken('older'));
    await site.control('server-down');
    const popup = await clickLogin(page);
    await logInAtPlatform(popup);
    await accept(popup);
    const calls = await heard(page, 2);
    assert.deepEqual(calls.map(([name, answer]) => [name, answer.error]), [['fail', 'server_unavailable'], ['always', 'server_unavailable']]);
    assert.equal(await token(page), 'older');
  });

  test("a code that Kakao refuses: fail gets the token server's hint, out of sight of who lists the error", async () => {
    const page = await openPage(context, site);
    assert.deepEqual(await failedExchange(page, site), {
      names: ['error', 'error_description', 'error_code'], plain: true, hint: 'Log in again, and use each code once.',
    });
  });

  test('a scope that the app has not: fail gets the hint of the relay page', async () => {
    const page = await openPage(context, site);
    await page.evaluate(() => {
      document.getElementById('login').onclick = () => {
        window.hinted = Kakao.Auth.login({ scope: 'birthyear' }).catch(({ error_code, hint }) => [error_code, hint]);
      };
    });
    await page.click('#login');
    const [code, hint] = await page.evaluate(() => window.hinted);
    assert.equal(code, 'KOE205');
    assert.match(hint, /^Set it in Kakao Login > Consent items/);
  });

  test('a hint is cut, and dropped where it is no text', async () => {
    const page = await openPage(context, site);
    for (const [hint, want] of [['x'.repeat(301), 'x'.repeat(300)], ['', undefined], [7, undefined], [{ length: 1 }, undefined], [null, undefined]]) {
      await page.route('**/kakao/token', (route) => route.fulfill({ status: 400, json: { error: 'invalid_grant', hint } }));
      assert.deepEqual(await failedExchange(page, site), { names: ['error'], plain: true, hint: want });
    }
  });

  test('a callback that throws is reported and keeps nothing from settling', async () => {
    const page = await openPage(context, site);
    await page.evaluate(() => { window.recorder = (names) => Object.fromEntries(names.map((name) => [name, () => {
      window.heard.push([name]);
      if (name === 'success') throw new Error('mine');
    }])); });
    await login(page);
    assert.deepEqual(await page.evaluate(() => window.heard), [['success'], ['always']]);
    assert.equal((await page.evaluate(() => window.promised))[0], 'resolved');
    assert.deepEqual(page.problems, ['Error: mine']);
  });

  test('persistAccessToken true: the token survives a reload', async () => {
    const page = await openPage(context, site);
    await login(page, { persistAccessToken: true });
    const before = await token(page);
    await page.reload();
    await page.evaluate((key) => Kakao.init(key), site.appKey);
    assert.equal(await token(page), before);
    assert.equal((await request(page, '/v2/user/me'))[0], 'success');
    assert.equal((await site.counts()).refreshes, 0);
  });

  test('persistAccessToken false: nothing is stored, and a reload works from the cookie alone', async () => {
    const page = await openPage(context, site);
    await login(page, { persistAccessToken: false });
    const before = await token(page);
    const kept = JSON.stringify(await stored(page));
    assert.ok(!kept.includes(before), 'the token lies in a storage');
    await page.reload();
    const atOnce = await page.evaluate((key) => { Kakao.init(key); return Kakao.Auth.getAccessToken(); }, site.appKey);
    assert.equal(atOnce, null);
    assert.equal((await request(page, '/v2/user/me'))[0], 'success');
    assert.ok(!JSON.stringify(await stored(page)).includes(await token(page)));
  });

  test('neither refresh token nor client secret is in anything that the browser sees', async () => {
    const page = await openPage(context, site);
    const seen = [];
    context.on('response', (answer) => {
      const parts = Promise.all([answer.url(), answer.allHeaders().then(JSON.stringify), answer.text()]);
      seen.push(parts.then((all) => all.join('\n'), () => answer.url())); // a popup may close first
    });
    await login(page, { scope: 'openid,account_email' });
    await site.control('expire-access-tokens');
    assert.equal((await request(page, '/v2/user/me'))[0], 'success');
    await page.evaluate(() => Kakao.Auth.logout());
    seen.push(JSON.stringify(await stored(page)));
    const everything = (await Promise.all(seen)).join('\n');
    assert.ok(everything.includes('access_token'));
    assert.ok(everything.length > 1000);
    assert.ok(!/refresh_token(?!_expires_in)/.test(everything), 'a refresh token reached the browser');
    assert.ok(!everything.includes(site.secret), 'the client secret reached the browser');
  });
});
