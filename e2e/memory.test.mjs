import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { login, loginAgain, openPage, request, useSite } from './site.mjs';

describe('memory', () => {
  let site;
  let context;
  useSite((used) => { ({ site, context } = used); });

  test("two thousand calls need no more of Go's memory than a hundred", async () => {
    await context.addInitScript(() => {
      const { Instance } = WebAssembly;
      WebAssembly.Instance = class extends Instance {
        constructor(...args) {
          super(...args);
          const memory = this.exports.memory ?? this.exports.mem;
          window.held = () => memory.buffer.byteLength;
        }
      };
    });
    const page = await openPage(context, site);
    await login(page);
    const calls = (times) => page.evaluate(async (n) => {
      const wrong = () => { try { Kakao.Auth.login({ bogus: Math.random() }); } catch { /* expected */ } };
      for (let i = 0; i < n; i++) {
        wrong();
        Kakao.Auth.getAccessToken();
        await Kakao.API.request({ url: '/v2/user/me', data: { property_keys: [`kakao_account.n${Math.random()}`] } }).catch(() => {});
        await Kakao.Auth.getStatusInfo();
        await Kakao.Auth.autoLogin().catch(() => {});
        Kakao.Auth.authorize({ prompts: 'none', state: `s${Math.random()}` });
      }
    }, times);
    // Windows that nobody answers: each call ends the one before it, and cleanup the last.
    const windows = (times) => page.evaluate((n) => {
      const { open } = window;
      window.open = () => ({ closed: false, close() {}, location: { href: 'https://example.test/' } });
      for (let i = 0; i < n; i++) {
        Kakao.Auth.login({ state: `s${Math.random()}` });
        Kakao.Auth.authorize({ isPopup: true, state: `s${Math.random()}` });
        Kakao.Auth.selectShippingAddress({ forceMobileLayout: true });
      }
      Kakao.Auth.cleanup();
      window.open = open;
    }, times);
    const logins = async (times) => {
      for (let i = 0; i < times; i++) {
        await page.evaluate(() => { window.heard.length = 0; });
        await loginAgain(page);
      }
    };
    await logins(2);
    await calls(20);
    await windows(20);
    const early = await page.evaluate(() => window.held());
    await logins(5);
    await calls(270);
    await windows(120);
    const late = await page.evaluate(() => window.held());
    // 2,000 calls that left 64 bytes each would take two pages of 64 KiB more. Standard Go collects when it likes.
    assert.ok(late - early <= (early > 1 << 22 ? 1 << 22 : 0), `Go had ${early} bytes after 120 calls and ${late} after 2100`);
    assert.equal((await request(page, '/v2/user/me'))[0], 'success');
  });
});
