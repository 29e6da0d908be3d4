// Pages on which somebody else's markup or script stands in the way: elements with the names that the SDK uses, and
// an Object.prototype that somebody has written to.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { accept, heard, initialize, logInAtPlatform, login, openPage, request, stored, token, useSite, USER } from './site.mjs';

/** Opens a page that has markup before the SDK. */
async function openWith(context, site, markup) {
  const page = await context.newPage();
  page.problems = [];
  page.on('pageerror', (error) => page.problems.push(String(error)));
  await page.addInitScript((html) => {
    const observer = new MutationObserver(() => { // runs before the script that the parser has met
      const before = document.getElementById('container');
      if (!before) return;
      observer.disconnect();
      before.insertAdjacentHTML('afterend', html);
    });
    observer.observe(document, { childList: true, subtree: true });
  }, markup);
  await page.goto(`${site.page}/`);
  await initialize(page, site);
  return page;
}

describe('elements with names that the SDK uses', () => {
  let site;
  let context;
  useSite((used) => { ({ site, context } = used); });

  for (const [name, markup] of Object.entries({
    'an element': '<div id="Kakao"></div>',
    'two elements': '<div id="Kakao"></div><div id="Kakao"></div>',
    'a form whose fields have the names of functions': '<form id="Kakao"><input name="init"><input name="Auth"><input name="isInitialized"></form>',
    'a frame': '<iframe name="Kakao"></iframe>',
    'elements that look like a CommonJS module': '<div id="exports"></div><div id="module"></div>',
    'a form called exports': '<form id="exports"><input name="init"></form><i id="module"></i>',
    'an image in the place of document.currentScript': '<img name="currentScript">',
    'forms in the place of functions of the document': '<img name="hasFocus"><img name="createElement"><img name="querySelector">',
  })) {
    test(name, async () => {
      const page = await openWith(context, site, markup);
      await login(page);
      const [, me] = await request(page, '/v2/user/me');
      assert.equal(String(me.id), USER.id);
      assert.deepEqual(page.problems, []);
    });
  }

  test('a popup that the user closes, where document.hasFocus is an image', async () => {
    const page = await openWith(context, site, '<img name="hasFocus">');
    const popup = page.waitForEvent('popup');
    await page.evaluate(() => {
      document.getElementById('login').onclick = () => void Kakao.Auth.login(window.recorder(['fail']));
    });
    await page.click('#login');
    await (await popup).close();
    assert.equal((await heard(page, 1))[0][1].error, 'popup_closed');
  });
});

describe('an Object.prototype that somebody has written to', () => {
  let site;
  let context;
  useSite((used) => { ({ site, context } = used); });

  /** What an attacker would like the SDK to read. */
  const POLLUTION = {
    server: 'https://attacker.example/kakao', authHost: 'https://attacker.example', apiHost: 'https://attacker.example',
    persistAccessToken: false, throughTalk: false, redirectUri: 'https://attacker.example/', scope: 'openid talk_message',
    prompts: 'none', prompt: 'none', autoLogin: true, state: 'theirs', nonce: 'theirs', isPopup: true, returnUrl: 'https://attacker.example/',
    access_token: 'theirs', code: 'theirs', error: 'theirs', error_description: 'theirs', expires_in: 1, id_token: 'theirs',
    kakaowasm: 1, token: 'theirs', status: 'theirs', body: 'theirs', form: 'theirs', value: 'theirs', call: 'theirs',
    frame: 'theirs', settings: { redirectUri: 'https://attacker.example/' }, get: 1, url: '/v1/user/unlink', files: ['theirs'],
    data: { property_keys: '["theirs"]' }, steal: true, mode: 'shared', defaults: 'theirs',
  };

  /**
   * Runs code on a page while its Object.prototype is polluted, and returns what it found. Playwright's own code in the
   * page would not bear that, so that the page tells by a console message.
   * @param {(name: string) => Promise<unknown>} code
   */
  async function runPolluted(page, code, given) {
    const told = page.waitForEvent('console', (message) => message.text().startsWith('found '));
    await page.evaluate(([names, text, argument]) => {
      setTimeout(async () => {
        const { log } = console;
        for (const [name, value] of Object.entries(names)) Object.prototype[name] = value; // eslint-disable-line no-extend-native
        let found;
        try {
          found = await (0, eval)(text)(argument);
        } catch (error) {
          found = `threw ${error}`;
        }
        for (const name of Object.keys(names)) delete Object.prototype[name];
        log(`found ${JSON.stringify(found)}`);
      });
    }, [POLLUTION, String(code), given]);
    return async () => JSON.parse((await told).text().slice('found '.length));
  }

  test('changes no address, no setting and no answer of a login', async () => {
    const page = await openPage(context, site, { init: false });
    const asked = [];
    context.on('request', (request) => asked.push(request.url()));
    const opened = page.waitForEvent('popup');
    const found = await runPolluted(page, (key) => new Promise((resolve) => {
      Kakao.init(key);
      document.getElementById('login').onclick = () => {
        Kakao.Auth.login({
          fail: (error) => resolve(['fail', error.error]),
          success(answer) {
            Kakao.API.request({
              url: '/v2/user/me',
              success: (user) => resolve(['success', answer.access_token === Kakao.Auth.getAccessToken(), user.id]),
              fail: (error) => resolve(['no user', error.code]),
            });
          },
        });
      };
    }), site.appKey);
    await page.click('#login');
    const popup = await opened;
    await logInAtPlatform(popup);
    await accept(popup);
    assert.deepEqual(await found(), ['success', true, Number(USER.id)]);
    assert.deepEqual(asked.filter((url) => url.includes('attacker.example')), []);
    const { searchParams } = new URL(asked.find((url) => url.includes('/oauth/authorize')));
    assert.deepEqual(['scope', 'prompt', 'nonce'].map((name) => searchParams.get(name)), [null, null, null]);
    assert.equal(searchParams.get('redirect_uri'), `${site.page}/kakao/callback`);
    assert.notEqual(await token(page), 'theirs');
    const kept = Object.keys((await stored(page)).local);
    assert.ok(kept.some((key) => key.startsWith('kakaowasm:')), 'the token is kept');
  });

  test('sends no request of the page elsewhere, nor with anything else', async () => {
    const page = await openPage(context, site, { init: false });
    const sent = page.waitForRequest((asked) => asked.url().includes('/v1/user/'));
    const found = await runPolluted(page, (key) => {
      Kakao.init(key);
      Kakao.Auth.setAccessToken('mine');
      return Kakao.API.request({ url: '/v1/user/access_token_info', data: {} }).catch((error) => error.code);
    }, site.appKey);
    assert.equal(await found(), -401);
    const asked = await sent;
    assert.deepEqual([asked.method(), asked.url(), asked.postData()], ['GET', `${site.platform}/v1/user/access_token_info`, null]);
    assert.equal((await asked.allHeaders()).authorization, 'Bearer mine');
  });
});
