import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { login, openPage, request, token, useSite } from './site.mjs';

// The page's code may run inside whatever the SDK does in the browser, and may call the SDK from there. Such a call
// is handled at once, and the call around it goes on as if nothing had happened.
describe('code of the page inside what the SDK does', () => {
  let site;
  let context;
  useSite((used) => { ({ site, context } = used); });

  test('a replaced window.open that reads and sets the token', async () => {
    const page = await openPage(context, site);
    const seen = await page.evaluate(async () => {
      const inside = [];
      window.open = () => {
        Kakao.Auth.setAccessToken('inside', false);
        inside.push(Kakao.Auth.getAccessToken());
        return null;
      };
      const failed = await Kakao.Auth.login().catch((answer) => answer.error);
      return [inside, failed, Kakao.Auth.getAccessToken()];
    });
    assert.deepEqual(seen, [['inside'], 'popup_blocked', 'inside']);
  });

  test('a replaced window.open that begins another login: each call has its own end', async () => {
    const page = await openPage(context, site);
    const ends = await page.evaluate(async () => {
      let inner;
      let opened = 0;
      window.open = () => {
        if (++opened === 1) inner = Kakao.Auth.login().catch((answer) => answer.error);
        return null;
      };
      const outer = await Kakao.Auth.login().catch((answer) => answer.error);
      return [outer, await inner, opened];
    });
    assert.deepEqual(ends, ['popup_closed', 'popup_blocked', 2]); // the second takes the place of the first
  });

  test('a replaced window.open that ends the SDK: its window is shut, and nobody hears of the login', async () => {
    const page = await openPage(context, site);
    const seen = await page.evaluate(async () => {
      let shut = 0;
      window.open = () => {
        Kakao.Auth.cleanup();
        return { closed: false, close: () => { shut++; }, location: { href: 'about:blank' } };
      };
      Kakao.Auth.login(window.recorder(['success', 'fail', 'always']));
      await new Promise((later) => { setTimeout(later, 300); });
      return [shut, window.heard];
    });
    assert.deepEqual(seen, [1, []]);
  });

  test('a replaced fetch that calls the API: both requests get their own answers', async () => {
    const page = await openPage(context, site);
    await login(page);
    const answers = await page.evaluate(async () => {
      const { fetch } = window;
      let inner;
      window.fetch = (...request) => {
        window.fetch = fetch;
        inner = Kakao.API.request({ url: '/v1/user/access_token_info' });
        return fetch(...request);
      };
      const outer = await Kakao.API.request({ url: '/v2/user/me' });
      return [Object.keys(outer).includes('kakao_account'), Object.keys(await inner).includes('expires_in')];
    });
    assert.deepEqual(answers, [true, true]);
  });

  test('a replaced fetch that throws, or that answers what is no response', async () => {
    const page = await openPage(context, site);
    const answers = await page.evaluate(async () => {
      const ends = [];
      for (const broken of [() => { throw new Error('mine'); }, () => 7, async () => ({ text: async () => '{}' })]) {
        window.fetch = broken;
        ends.push(await Kakao.API.request({ url: '/v2/user/me' }).catch((answer) => answer.code));
      }
      return ends;
    });
    assert.deepEqual(answers, [-777, -777, -777]);
  });

  test('a storage that is full, and one whose setter calls the SDK', async () => {
    const page = await openPage(context, site);
    const seen = await page.evaluate(() => {
      const { setItem } = Storage.prototype;
      Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError'); };
      Kakao.Auth.setAccessToken('first');
      const kept = [Kakao.Auth.getAccessToken(), { ...localStorage }];
      const inside = [];
      Storage.prototype.setItem = function save(...entry) {
        inside.push(Kakao.Auth.getAccessToken());
        setItem.apply(this, entry);
      };
      Kakao.Auth.setAccessToken('second');
      return [...kept, inside, Kakao.Auth.getAccessToken()];
    });
    assert.deepEqual(seen, ['first', {}, ['second'], 'second']);
  });

  test('a listener of kakao:token that sets another token, and one that throws', async () => {
    const page = await openPage(context, site);
    const seen = await page.evaluate(() => {
      window.onerror = () => true;
      const statuses = [];
      window.addEventListener('kakao:token', ({ detail }) => {
        statuses.push(detail.status);
        if (statuses.length === 1) Kakao.Auth.setAccessToken('from the listener');
        throw new Error('mine');
      });
      Kakao.Auth.setAccessToken('first');
      return [statuses, Kakao.Auth.getAccessToken()];
    });
    assert.deepEqual(seen, [['set', 'set'], 'from the listener']);
  });

  test('getters and setters in the settings that call the SDK', async () => {
    const page = await openPage(context, site);
    await login(page);
    const seen = await page.evaluate(async () => {
      const before = Kakao.Auth.getAccessToken();
      const inside = [];
      const settings = {
        get url() {
          inside.push(Kakao.Auth.getAccessToken() === before);
          return '/v2/user/me';
        },
        set data(value) {
          inside.push(Kakao.Auth.getAppKey() !== null);
          Object.defineProperty(this, 'data', { value, enumerable: true, writable: true });
        },
      };
      Object.defineProperty(settings, 'data', { enumerable: true });
      const answer = await Kakao.API.request(settings);
      return [inside.every(Boolean), inside.length > 0, 'id' in answer];
    });
    assert.deepEqual(seen, [true, true, true]);
  });

  test('callbacks that call the SDK: a logout inside success leaves no token', async () => {
    const page = await openPage(context, site);
    await login(page);
    await page.evaluate(() => new Promise((done) => {
      Kakao.API.request({ url: '/v2/user/me', success: () => Kakao.Auth.logout(() => done()) });
    }));
    assert.equal(await token(page), null);
    assert.equal((await request(page, '/v2/user/me'))[0], 'fail');
  });
});
