// Every function of the official SDK 2.8.1, as docs/migration.md lists them, called the way its pages call it.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { accept, logInAtPlatform, openPage, token, useSite, USER } from './site.mjs';

const GUIDES = [
  { file: 'docs/migration.md', heading: '### Every function of 2.8.1', verdicts: { same: 'same', better: 'better', differs: 'differs', 'not ours': 'not ours' } },
  { file: 'docs/migration.ko.md', heading: '### 2.8.1의 모든 함수', verdicts: { 같음: 'same', 개선: 'better', 다름: 'differs', 없음: 'not ours' } },
];

let site;
let context;
useSite((given) => { ({ site, context } = given); });

/** A page of v2, on which somebody has logged in in a popup. */
async function loggedIn(settings) {
  const page = await openPage(context, site);
  const popup = page.waitForEvent('popup');
  await page.evaluate((given) => {
    document.getElementById('login').onclick = () => { window.done = Kakao.Auth.login(given); };
  }, settings);
  await page.click('#login');
  await logInAtPlatform(await popup);
  await accept(await popup);
  await page.evaluate(() => window.done);
  return page;
}

/** What a promise of the page comes to: ['resolved' or 'rejected', value], or ['thrown', code, message]. */
const outcome = (page, code) => page.evaluate(async (text) => {
  let promise;
  try {
    promise = (0, eval)(text);
  } catch (error) {
    return ['thrown', error.code, error.message];
  }
  return promise.then((value) => ['resolved', value], (error) => ['rejected', error]);
}, code);

/** Whether a promise of the page is still open when everything that was under way has ended. */
const staysOpen = (page, name) => page.evaluate(async (variable) => {
  let ended = false;
  window[variable].then(() => { ended = true; }, () => { ended = true; });
  await fetch('/blank');
  await new Promise((resolve) => { setTimeout(resolve, 0); });
  return !ended;
}, name);

/** What the token server knows of the browser. */
const session = async (page) => (await page.request.get(`${site.page}/kakao/session`)).json();

/** Parts that stay with the official script: absent beside nothing, untouched beside it. */
const staysOfficial = (part) => async () => {
  const page = await openPage(context, site);
  assert.equal(await page.evaluate((name) => typeof Kakao[name], part), 'undefined');
  await page.addInitScript((name) => {
    window.official = Object.freeze({ cleanup() {} });
    window.Kakao = { VERSION: '2.8.1', init() {}, isInitialized: () => true, cleanup() {}, [name]: window.official };
  }, part);
  await page.reload();
  await page.evaluate((key) => Kakao.init(key), site.appKey);
  assert.ok(await page.evaluate((name) => Kakao[name] === window.official && typeof Kakao.Auth.login === 'function', part));
};

/** By the function: the verdict, and what shows it. */
const SURFACE = {
  'Kakao.init(appKey)': ['same', async () => {
    const page = await openPage(context, site);
    const again = (options) => page.evaluate(([key, given]) => {
      try {
        return Kakao.init(key, given) ?? 'started';
      } catch (error) {
        return error.message;
      }
    }, [site.appKey, options]);
    assert.match(await again(), /Already initialized/);
    assert.equal(await again({ idempotent: true }), 'started');
  }],
  'Kakao.isInitialized()': ['same', async () => {
    const page = await openPage(context, site, { init: false });
    assert.equal(await page.evaluate(() => Kakao.isInitialized()), false);
    assert.equal(await page.evaluate((key) => { Kakao.init(key); return Kakao.isInitialized(); }, site.appKey), true);
  }],
  'Kakao.cleanup()': ['better', async () => {
    const page = await openPage(context, site);
    const popup = page.waitForEvent('popup');
    await page.evaluate(() => { document.getElementById('login').onclick = () => { window.done = Kakao.Auth.login(); }; });
    await page.click('#login');
    const closed = (await popup).waitForEvent('close');
    await page.evaluate(() => Kakao.cleanup());
    await closed;
    assert.ok(await staysOpen(page, 'done'));
    assert.equal(await page.evaluate(() => Kakao.isInitialized()), false);
  }],
  'Kakao.VERSION': ['differs', async () => {
    const page = await openPage(context, site);
    assert.equal(await page.evaluate(() => Kakao.VERSION), JSON.parse(readFileSync('npm/package.json', 'utf8')).version);
  }],
  'Kakao.Auth.authorize(settings)': ['same', async () => {
    const page = await openPage(context, site);
    const settings = { redirectUri: `${site.page}/own-callback`, state: 's 1', scope: 'openid,account_email', loginHint: 'a@example.com', nonce: 'n', throughTalk: false };
    for (const prompt of ['login', 'create', 'select_account', 'login,select_account']) {
      const left = page.waitForRequest((request) => request.url().startsWith(`${site.platform}/oauth/authorize?`));
      await page.evaluate((given) => { setTimeout(() => Kakao.Auth.authorize(given)); }, { ...settings, prompt });
      const sent = Object.fromEntries(new URL((await left).url()).searchParams);
      assert.deepEqual([sent.redirect_uri, sent.state, sent.scope, sent.prompt, sent.login_hint, sent.nonce, sent.response_type, sent.code_challenge],
        [settings.redirectUri, 's 1', 'openid,account_email', prompt, 'a@example.com', 'n', 'code', undefined]);
      await page.waitForURL((url) => url.origin === site.platform);
      await page.goto(site.page);
      await page.evaluate((key) => Kakao.init(key), site.appKey);
    }
    assert.equal((await outcome(page, 'Kakao.Auth.authorize({ redirectURI: "x" })'))[1], 'unknown_parameter');
  }],
  'Kakao.Auth.setAccessToken(token, persist)': ['same', async () => {
    const page = await openPage(context, site);
    const kept = () => page.evaluate(() => JSON.stringify({ ...localStorage }).includes('own-token'));
    await page.evaluate(() => Kakao.Auth.setAccessToken('own-token'));
    assert.deepEqual([await token(page), await kept()], ['own-token', true]);
    await page.evaluate(() => Kakao.Auth.setAccessToken('own-token', false));
    assert.deepEqual([await token(page), await kept()], ['own-token', false]);
    const before = (await site.counts()).refreshes;
    assert.equal((await outcome(page, 'Kakao.API.request({ url: "/v2/user/me" })'))[1].code, -401);
    assert.equal((await site.counts()).refreshes, before, 'it is not renewed');
    await page.evaluate(() => Kakao.Auth.setAccessToken(null));
    assert.equal(await token(page), null);
  }],
  'Kakao.Auth.getAccessToken()': ['same', async () => {
    assert.equal(await token(await openPage(context, site)), null);
  }],
  'Kakao.Auth.getAppKey()': ['same', async () => {
    const page = await openPage(context, site);
    assert.equal(await page.evaluate(() => Kakao.Auth.getAppKey()), site.appKey);
  }],
  'Kakao.Auth.getStatusInfo()': ['same', async () => {
    const page = await loggedIn();
    const [kind, { status, user }] = await outcome(page, 'Kakao.Auth.getStatusInfo()');
    assert.deepEqual([kind, status, String(user.id)], ['resolved', 'connected', USER.id]);
    await page.evaluate(() => Kakao.Auth.setAccessToken('refused'));
    assert.deepEqual(await outcome(page, 'Kakao.Auth.getStatusInfo()'), ['resolved', { status: 'not_connected' }]);
    await page.evaluate(() => Kakao.Auth.setAccessToken(null));
    assert.deepEqual(await outcome(page, 'Kakao.Auth.getStatusInfo()'), ['resolved', { status: 'not_connected' }]);
  }],
  'Kakao.Auth.logout()': ['differs', async () => {
    const page = await loggedIn();
    assert.equal((await session(page)).authenticated, true);
    assert.deepEqual(await outcome(page, 'Kakao.Auth.logout()'), ['resolved', true]);
    assert.equal(await token(page), null);
    assert.equal((await session(page)).authenticated, false);
    assert.deepEqual(await outcome(page, 'Kakao.Auth.logout()'), ['resolved', true]);
  }],
  'Kakao.Auth.selectShippingAddress(settings)': ['better', async () => {
    const page = await loggedIn();
    const popup = page.waitForEvent('popup');
    await page.evaluate(() => {
      document.getElementById('login').onclick = () => { window.done = Kakao.Auth.selectShippingAddress({}).catch((error) => error); };
    });
    await page.click('#login');
    await (await popup).close();
    assert.equal((await page.evaluate(() => window.done)).error, 'popup_closed');
  }],
  'Kakao.Auth.cleanup()': ['better', async () => {
    const page = await openPage(context, site);
    const popup = page.waitForEvent('popup');
    await page.evaluate(() => { document.getElementById('login').onclick = () => { window.done = Kakao.Auth.login(); }; });
    await page.click('#login');
    const closed = (await popup).waitForEvent('close');
    await page.evaluate(() => Kakao.Auth.cleanup());
    await closed;
    assert.ok(await staysOpen(page, 'done'));
  }],
  'Kakao.API.request(settings)': ['same', async () => {
    const page = await loggedIn();
    const [kind, user] = await outcome(page, 'Kakao.API.request({ url: "/v2/user/me", data: { property_keys: ["kakao_account.profile"] } })');
    assert.deepEqual([kind, String(user.id)], ['resolved', USER.id]);
    const [thrown, code] = await outcome(page, 'Kakao.API.request({ url: "/v1/user/ids" })');
    assert.deepEqual([thrown, code], ['thrown', 'illegal_parameter']);
    await page.evaluate(() => Kakao.Auth.setAccessToken('refused'));
    const [rejected, error] = await outcome(page, 'Kakao.API.request({ url: "/v2/user/me" })');
    assert.deepEqual([rejected, error.code], ['rejected', -401]);
  }],
  'Kakao.API.cleanup()': ['better', async () => {
    const page = await loggedIn();
    await page.evaluate(() => {
      window.done = Kakao.API.request({ url: '/v2/user/me' });
      Kakao.API.cleanup();
    });
    assert.ok(await staysOpen(page, 'done'));
  }],
  'Kakao.Share.*': ['not ours', staysOfficial('Share')],
  'Kakao.Channel.*': ['not ours', staysOfficial('Channel')],
  'Kakao.Navi.*': ['not ours', staysOfficial('Navi')],
  'Kakao.Picker.*': ['not ours', staysOfficial('Picker')],
};

describe('the surface of SDK v2', () => {
  for (const [name, [verdict, check]] of Object.entries(SURFACE)) test(`${name}: ${verdict}`, check);

  test('the address that only v2 knows', async () => {
    const page = await loggedIn({ scope: 'plusfriends' });
    const [kind, answer] = await outcome(page, `Kakao.API.request({ url: '/v2/api/talk/channels' })`);
    assert.deepEqual([kind, typeof answer.user_id, Array.isArray(answer.channels)], ['resolved', 'number', true]);
  });
});

for (const { file, heading, verdicts } of GUIDES) {
  test(`${file} says the same`, () => {
    const [, section] = readFileSync(file, 'utf8').split(`${heading}\n`);
    const rows = [...section.split('\n#')[0].matchAll(/^\| `(Kakao\..*?)` \| (.*?) \|/gm)].map(([, name, verdict]) => [name, verdicts[verdict]]);
    assert.deepEqual(Object.fromEntries(rows), Object.fromEntries(Object.entries(SURFACE).map(([name, [verdict]]) => [name, verdict])));
  });
}
