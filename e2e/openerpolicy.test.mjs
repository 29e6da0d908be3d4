// A popup that a Cross-Origin-Opener-Policy cuts off from its page: it reads as closed while the user is in it.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { accept, clickLogin, heard, logInAtPlatform, openPage, token, useSite } from './site.mjs';

describe('an opener policy', () => {
  let site;
  let context;
  useSite((given) => { ({ site, context } = given); });

  /** A login whose user is in the popup; `window.look(true)` brings him to the page, where the browser says that he is. */
  async function begin(page) {
    await page.evaluate(() => {
      let front = false;
      document.hasFocus = () => front;
      window.look = (here) => {
        front = here;
        window.dispatchEvent(new Event(here ? 'focus' : 'blur'));
      };
      window.logins = [];
      window.addEventListener('kakao:login', ({ detail }) => window.logins.push([detail.kind, detail.status, detail.error]));
    });
    const popup = await clickLogin(page);
    await popup.waitForSelector('button[name=user]');
    return popup;
  }

  async function finish(popup) {
    await logInAtPlatform(popup);
    await accept(popup);
  }

  test("of Kakao's page: a user who looks at the page behind for three seconds goes on with the login", async () => {
    await site.control('opener-policy');
    const page = await openPage(context, site);
    const popup = await begin(page);
    await page.evaluate(() => new Promise((resolve) => {
      window.look(true);
      setTimeout(() => { window.look(false); resolve(); }, 3000);
    }));
    await finish(popup);
    assert.deepEqual((await heard(page, 2)).map(([name]) => name), ['success', 'always']);
    assert.deepEqual(await page.evaluate(() => window.logins), [['popup', 'success', undefined]]);
  });

  test("of Kakao's page: a login that has ended as closed is completed by an answer that comes later", async () => {
    await site.control('opener-policy');
    const page = await openPage(context, site);
    const popup = await begin(page);
    await page.evaluate(() => window.look(true));
    assert.deepEqual((await heard(page, 2)).map(([name, { error }]) => [name, error]), [['fail', 'popup_closed'], ['always', 'popup_closed']]);
    assert.equal(await token(page), null);
    const closed = popup.waitForEvent('close');
    await finish(popup);
    await page.waitForFunction(() => window.logins.length === 2);
    assert.deepEqual(await page.evaluate(() => window.logins), [['popup', 'fail', 'popup_closed'], ['popup', 'success', undefined]]);
    assert.ok(await token(page));
    assert.equal((await heard(page, 2)).length, 2);
    await closed;
  });

  test('of the page, whose token server is on another origin: the popup comes back to the page, and its call hears', async () => {
    const page = await openPage(context, site, { origin: site.foreign, path: '/coop' });
    const popup = await begin(page);
    const closed = popup.waitForEvent('close');
    await finish(popup);
    assert.deepEqual((await heard(page, 2)).map(([name]) => name), ['success', 'always']);
    assert.deepEqual(await page.evaluate(() => window.logins), [['popup', 'success', undefined]]);
    assert.equal((await site.counts()).exchanges, 1);
    await closed;
  });

  test('of the page, whose token server is on another origin, and a user who comes back first: the error names it', async () => {
    const page = await openPage(context, site, { origin: site.foreign, path: '/coop' });
    const warned = page.waitForEvent('console', (message) => message.text().includes('Cross-Origin-Opener-Policy'));
    await begin(page);
    await page.evaluate(() => window.look(true));
    const [outcome, error] = await page.evaluate(() => window.promised);
    assert.deepEqual([outcome, error.error], ['rejected', 'opener_policy']);
    assert.match(error.error_description, /Cross-Origin-Opener-Policy of this page/);
    await warned;
  });
});
