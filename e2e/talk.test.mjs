// Phones: the hand-over to KakaoTalk, and the code that is polled for. KakaoTalk is played by a
// second tab, which opens what the real one would.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { accept, heard, logInAtPlatform, newContext, openPage, request, token, useSite } from './site.mjs';

const PHONES = {
  android: 'Mozilla/5.0 (Linux; Android 13; SM-S918N) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/124.0.0.0 Mobile Safari/537.36',
  iphone: 'Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.4 Mobile/15E148 Safari/604.1',
};

const CHANNEL_HOME = `${PHONES.android};KAKAOTALK 2410420 CH-HOME`;

/** Opens a page that believes to be on a phone, and that goes nowhere: it notes where it wanted to go. */
async function openOnPhone(context, site, userAgent) {
  await context.addInitScript((text) => {
    Object.defineProperty(navigator, 'userAgent', { get: () => text });
    window.gone = [];
    window.navigation?.addEventListener('navigate', (event) => {
      if (/^(intent:|https:\/\/talk-apps)/.test(event.destination.url)) {
        window.gone.push(event.destination.url);
        event.preventDefault();
      }
    });
    const { open } = window;
    window.open = (address, ...rest) => {
      if (!/^(intent:|https:\/\/talk-apps)/.test(address)) return open.call(window, address, ...rest);
      window.gone.push(address);
      return open.call(window, 'about:blank', ...rest);
    };
  }, userAgent);
  return openPage(context, site);
}

/** What KakaoTalk opens for an address of a hand-over. */
function inTalk(address, site) {
  if (!address.startsWith('intent:')) {
    const [, scheme] = /^https:\/\/talk-apps\.kakao\.com\/scheme\/(.*)&web=/.exec(address);
    return new URL(decodeURIComponent(scheme)).searchParams.get('url');
  }
  const [, params] = /S\.com\.kakao\.sdk\.talk\.extraparams=([^;]*)/.exec(address);
  return `${site.platform}/oauth/authorize?${new URLSearchParams(JSON.parse(decodeURIComponent(params)))}`;
}

/** Plays KakaoTalk: another browser, in which the user agrees. */
async function playTalk(page, site, decide = accept) {
  await page.waitForFunction(() => window.gone.length > 0);
  const address = await page.evaluate(() => window.gone[0]);
  const talk = await newContext(page.context().browser());
  const tab = await talk.newPage();
  await tab.goto(inTalk(address, site));
  await logInAtPlatform(tab);
  await decide(tab);
  await tab.waitForLoadState();
  await talk.close();
  return address;
}

describe('KakaoTalk', () => {
  let site;
  let context;
  useSite((given) => { ({ site, context } = given); });

  for (const phone of Object.keys(PHONES)) {
    test(`login on ${phone}: KakaoTalk asks, the page polls, and gets its token`, async () => {
      const page = await openOnPhone(context, site, PHONES[phone]);
      await page.evaluate(() => {
        document.getElementById('login').onclick = () => { Kakao.Auth.login(window.recorder(['success', 'fail', 'always'])); };
      });
      const popup = page.waitForEvent('popup');
      await page.click('#login');
      const window = await popup;
      const closed = window.waitForEvent('close');
      const address = await playTalk(page, site);
      assert.match(decodeURIComponent(decodeURIComponent(decodeURIComponent(address))), /code_challenge/);
      const calls = await heard(page, 2);
      assert.deepEqual(calls.map(([name]) => name), ['success', 'always']);
      assert.equal(await token(page), calls[0][1].access_token);
      assert.equal((await request(page, '/v2/user/me'))[0], 'success');
      await closed;
    });

    test(`login on ${phone}: a refusal in KakaoTalk reaches the page`, async () => {
      const page = await openOnPhone(context, site, PHONES[phone]);
      await page.evaluate(() => { Kakao.Auth.login(window.recorder(['success', 'fail', 'always'])); });
      await playTalk(page, site, (tab) => tab.click('button[name=decision][value=cancel]'));
      const calls = await heard(page, 2);
      assert.deepEqual(calls.map(([name, answer]) => [name, answer.error]), [['fail', 'access_denied'], ['always', 'access_denied']]);
      assert.equal(await token(page), null);
    });

    test(`authorize on ${phone}: the code goes to the page's redirect URI, with its state`, async () => {
      const page = await openOnPhone(context, site, PHONES[phone]);
      await page.evaluate((redirectUri) => { Kakao.Auth.authorize({ redirectUri, state: 'mine' }); }, `${site.page}/own-callback`);
      await playTalk(page, site);
      await page.waitForURL((url) => url.pathname === '/own-callback');
      const query = new URL(page.url()).searchParams;
      assert.equal(query.get('state'), 'mine');
      assert.ok(query.get('code'));
    });

    test(`authorize on ${phone} with the token server's callback: the SDK completes the login`, async () => {
      const page = await openOnPhone(context, site, PHONES[phone]);
      await page.evaluate((redirectUri) => {
        Kakao.Auth.authorize({ redirectUri, ...window.recorder(['success', 'fail', 'always']) });
      }, `${site.page}/kakao/callback`);
      await playTalk(page, site);
      const calls = await heard(page, 2);
      assert.deepEqual(calls.map(([name]) => name), ['success', 'always']);
      assert.equal(await token(page), calls[0][1].access_token);
    });
  }

  test('a page that clears its storage meanwhile still completes its login', async () => {
    const page = await openOnPhone(context, site, PHONES.android);
    await page.evaluate((redirectUri) => {
      Kakao.Auth.authorize({ redirectUri, ...window.recorder(['success', 'fail', 'always']) });
      sessionStorage.clear();
    }, `${site.page}/kakao/callback`);
    await playTalk(page, site);
    assert.deepEqual((await heard(page, 2)).map(([name]) => name), ['success', 'always']);
    assert.deepEqual(page.problems, []);
  });

  test("cleanup, and a newer authorize, end what KakaoTalk's bridge was asked for", async () => {
    const page = await openOnPhone(context, site, CHANNEL_HOME);
    const gone = await page.evaluate(async (key) => {
      const answers = [];
      window.kakaoweb = { reqSignInLocation: () => new Promise((resolve) => { answers.push(resolve); }) };
      const went = [];
      window.navigation.addEventListener('navigate', (event) => { went.push(event.destination.url); event.preventDefault(); });
      const ask = (name) => Kakao.Auth.authorize({ success: () => window.heard.push([name]) });
      ask('first');
      ask('second');
      Kakao.cleanup();
      Kakao.init(key);
      ask('third');
      for (const answer of answers) answer(`${location.origin}/oauth?code=c`);
      await new Promise((resolve) => { setTimeout(resolve); });
      return went;
    }, site.appKey);
    assert.deepEqual((await heard(page, 1)), [['third']]);
    assert.deepEqual(gone, []);
  });

  test('a second authorize drops the polling of the first; cleanup drops it for good', async () => {
    const page = await openOnPhone(context, site, PHONES.android);
    await page.clock.install();
    const polls = [];
    page.on('request', (sent) => {
      if (sent.url().includes('/apiweb/code.json')) polls.push(new URL(sent.url()).searchParams.get('auth_tran_id'));
    });
    await page.evaluate(() => {
      Kakao.Auth.authorize({ success: () => window.heard.push(['first']) });
      Kakao.Auth.authorize({ success: () => window.heard.push(['second']) });
    });
    const answered = page.waitForResponse((answer) => answer.url().includes('/apiweb/code.json'));
    await page.clock.runFor(1100);
    await answered;
    await page.clock.runFor(1100);
    assert.equal(new Set(polls).size, 1, 'only the second asks');
    await page.evaluate(() => Kakao.Auth.cleanup());
    const before = polls.length;
    await page.clock.runFor(5000);
    assert.equal(polls.length, before);
    assert.deepEqual(await page.evaluate(() => window.heard), []);
  });
});

describe('a code for the page', () => {
  let site;
  let context;
  useSite((given) => { ({ site, context } = given); });

  test('authorize in a popup without a redirect URI: success gets the code', async () => {
    const page = await openPage(context, site);
    const popup = page.waitForEvent('popup');
    await page.evaluate(() => {
      document.getElementById('login').onclick = () => {
        Kakao.Auth.authorize({ isPopup: true, state: 'mine', ...window.recorder(['success', 'fail', 'always']) });
      };
    });
    await page.click('#login');
    const opened = await popup;
    await logInAtPlatform(opened);
    await accept(opened);
    const calls = await heard(page, 2);
    assert.deepEqual(calls.map(([name]) => name), ['success', 'always']);
    assert.deepEqual(Object.keys(calls[0][1]).sort(), ['code', 'state']);
    assert.equal(calls[0][1].state, 'mine');
    assert.equal(await token(page), null);
  });

  test('a popup of authorize that the user closes: fail, then always, with popup_closed', async () => {
    const page = await openPage(context, site);
    const popup = page.waitForEvent('popup');
    await page.evaluate(() => { Kakao.Auth.authorize({ isPopup: true, ...window.recorder(['success', 'fail', 'always']) }); });
    await (await popup).close();
    const calls = await heard(page, 2);
    assert.deepEqual(calls.map(([name, answer]) => [name, answer.error]), [['fail', 'popup_closed'], ['always', 'popup_closed']]);
  });

  test("issueAccessToken exchanges the code of the page's own redirect URI, and twice gives the same", async () => {
    const page = await openPage(context, site);
    const redirectUri = `${site.page}/own-callback`;
    await page.evaluate((given) => { Kakao.Auth.authorize({ redirectUri: given, state: 'mine' }); }, redirectUri);
    await page.waitForSelector('button[name=user]');
    await logInAtPlatform(page);
    await accept(page);
    await page.waitForURL((url) => url.pathname === '/own-callback');
    const code = new URL(page.url()).searchParams.get('code');
    const shop = await openPage(context, site);
    const issue = (where, given) => where.evaluate((settings) => Kakao.Auth.issueAccessToken({ ...settings, ...window.recorder(['success', 'fail', 'always']) })
      .then((answer) => Object.keys(answer).sort(), (answer) => answer.error), { redirectUri, ...given });
    const answered = ['access_token', 'expires_in', 'refresh_token_expires_in', 'scope', 'token_type'];
    assert.deepEqual((await issue(shop, { code })).filter((name) => name !== 'id_token'), answered);
    assert.equal((await request(shop, '/v2/user/me'))[0], 'success');
    const first = await token(shop);
    assert.deepEqual((await issue(shop, { code })).filter((name) => name !== 'id_token'), answered, 'a reload posts it again');
    assert.equal(await token(shop), first);
    assert.equal(await issue(shop, { code: 'another' }), 'invalid_grant');
    assert.equal(await token(shop), null, 'an error but a refusal clears the token, as it did');
    await context.clearCookies({ domain: new URL(site.page).hostname });
    assert.equal(await issue(shop, { code }), 'invalid_grant', 'whoever has only the code gets nothing');
    const elsewhere = await shop.evaluate(() => Kakao.Auth.issueAccessToken({ code: 'c', redirectUri: 'https://evil.example.test/' })
      .catch((answer) => answer.error));
    assert.equal(elsewhere, 'invalid_request');
  });

  test('loginForm has the user log in again', async () => {
    const page = await openPage(context, site);
    const popup = page.waitForEvent('popup');
    await page.evaluate(() => { window.promised = Kakao.Auth.loginForm(window.recorder(['success', 'fail', 'always'])); });
    const opened = await popup;
    assert.equal(new URL(await page.evaluate(() => window.opened)).searchParams.get('prompt'), 'login');
    await logInAtPlatform(opened);
    await accept(opened);
    assert.deepEqual((await heard(page, 2)).map(([name]) => name), ['success', 'always']);
  });
});
