import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { login, loginAgain, openPage, request, SDK, useSite } from './site.mjs';

// TinyGo forgets no JavaScript value by itself. Its glue counts those that Go holds in a Map.
const skip = !SDK.includes('release') && 'standard Go has finalizers; only the TinyGo build can leak';

describe('memory', () => {
  let site;
  let context;
  useSite((used) => { ({ site, context } = used); });

  test('a thousand calls leave no JavaScript values behind in Go', { skip }, async () => {
    await context.addInitScript(() => {
      const made = [];
      const { Map } = window;
      window.Map = class extends Map {
        constructor(...args) {
          super(...args);
          made.push(this);
        }
      };
      window.endRecording = () => { window.Map = Map; }; // the browser's driver makes Maps as well
      window.held = () => made.reduce((sum, map) => sum + map.size, 0);
    });
    const page = await openPage(context, site);
    await page.evaluate(() => window.endRecording());
    await login(page);
    const once = () => page.evaluate(async () => {
      const wrong = () => { try { Kakao.Auth.login({ bogus: Math.random() }); } catch { /* expected */ } };
      for (let i = 0; i < 10; i++) {
        wrong();
        Kakao.Auth.getAccessToken();
        await Kakao.API.request({ url: '/v2/user/me', data: { property_keys: [`kakao_account.n${Math.random()}`] } }).catch(() => {});
        await Kakao.Auth.getStatusInfo();
        await Kakao.Auth.autoLogin().catch(() => {});
        Kakao.Auth.authorize({ prompts: 'none', state: `s${Math.random()}` });
      }
      return window.held();
    });
    await loginAgain(page);
    const logins = await page.evaluate(() => window.held());
    for (let i = 0; i < 5; i++) {
      await page.evaluate(() => { window.heard.length = 0; });
      await loginAgain(page);
    }
    const more = await page.evaluate(() => window.held()) - logins;
    assert.ok(more <= 5 * 2, `five logins left ${more} values behind`); // their two tokens' texts

    const early = await once();
    for (let i = 0; i < 25; i++) await once();
    const late = await once();
    assert.ok(late - early < 10, `Go held ${early} values after 60 calls and ${late} after 1620`);

    // Windows that nobody answers: each call ends the one before it, and cleanup the last.
    const windows = (times) => page.evaluate((n) => {
      window.open = () => ({ closed: false, close() {}, location: { href: 'https://example.test/' } });
      for (let i = 0; i < n; i++) {
        Kakao.Auth.login({ state: `s${Math.random()}` });
        Kakao.Auth.authorize({ isPopup: true, state: `s${Math.random()}` });
        Kakao.Auth.selectShippingAddress({ forceMobileLayout: true });
      }
      Kakao.Auth.cleanup();
    }, times);
    await windows(100);
    await page.waitForFunction((most) => window.held() <= most, late + 50); // one a call would be 300 more
    assert.equal((await request(page, '/v2/user/me'))[0], 'success');
  });
});
