import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { after, before, beforeEach, describe, test } from 'node:test';
import { startDemo } from './demo.mjs';
import { accept, logInAtPlatform, newContext, startBrowser, USER } from './site.mjs';

describe('the demo page', () => {
  let demo;
  let browser;
  let context;
  let page;

  before(async () => {
    demo = await startDemo();
    browser = await startBrowser();
    await mkdir('e2e/artifacts', { recursive: true });
  });
  after(async () => {
    await browser?.close();
    assert.equal(await demo?.close(), 0, 'SIGTERM does not end the demo cleanly');
  });
  beforeEach(async () => {
    await context?.close();
    context = await newContext(browser);
    page = await context.newPage();
    page.problems = [];
    page.on('pageerror', (error) => page.problems.push(String(error)));
    page.on('console', (message) => { if (message.type() === 'error') page.problems.push(message.text()); });
    await page.goto(demo.origin);
  });

  async function logIn() {
    const opening = page.waitForEvent('popup');
    await page.click('#login');
    const popup = await opening;
    const dialog = await popup.waitForSelector(`button[name=user][value="${USER.id}"]`).catch(() => null);
    if (dialog) {
      await logInAtPlatform(popup);
      const consent = await popup.waitForSelector('input[name=scope][value=account_email]').catch(() => null);
      if (consent) { // somebody who agreed before is not asked again
        await consent.check();
        await accept(popup);
      }
    }
    await page.waitForSelector('#logout:visible');
  }

  test('login, profile, renew, explorer, logout: without an error in the console', async () => {
    await logIn();
    await page.waitForSelector('#nickname >> text=하늘보리');
    await page.waitForSelector('#scopes li[data-scope]');
    await page.waitForSelector('#terms li[data-tag]');
    assert.equal(await page.getAttribute('#token-status', 'data-status'), 'set');
    await page.screenshot({ path: 'e2e/artifacts/demo-desktop.png', fullPage: true });

    await page.click('#renew');
    await page.waitForSelector('#log li[data-event="kakao:token"] >> text=renewed');

    await page.selectOption('#explorer-url', '/v2/user/scopes');
    await page.click('#explorer-run');
    await page.waitForSelector('#explorer-result[data-status=ok]');

    await page.click('#logout');
    await page.waitForSelector('#login:visible');
    assert.deepEqual(page.problems, []);
  });

  test('a consent item that is revoked is shown as not agreed', async () => {
    await logIn();
    await page.click('#scopes li[data-scope=account_email] button.revoke');
    await page.waitForSelector('#scopes li[data-scope=account_email][data-agreed=false]');
  });

  test('no part of the access token is in the page', async () => {
    await logIn();
    const token = await page.evaluate(() => Kakao.Auth.getAccessToken());
    assert.ok(token.length > 20);
    assert.ok(!(await page.content()).includes(token.slice(0, 12)));
  });

  test('unlink asks first, and ends the login', async () => {
    await logIn();
    await page.click('#unlink');
    await page.click('#unlink-confirm');
    await page.waitForSelector('#login:visible');
    assert.equal(await page.evaluate(() => Kakao.Auth.getAccessToken()), null);
  });

  /** The lines of the log, in order: what happened, and to what. */
  const logged = () => page.$$eval('#log li', (lines) => lines.map(({ dataset }) => `${dataset.event} ${dataset.source}`));

  test('the log tells a login in the order in which it happened, with the steps of window and token server', async () => {
    await logIn();
    await page.waitForSelector('#log li[data-event=success][data-source="/v1/user/service/terms"]');
    await page.waitForSelector('#log li[data-source="GET /v1/user/service/terms"]');
    const lines = await logged();
    const order = ['call Kakao.init', 'call Auth.login', 'request GET /oauth/authorize', 'request GET /kakao/callback', 'request POST /kakao/token',
      'request POST /oauth/token', 'success Auth.login', 'call /v2/user/me', 'request GET /v2/user/me', 'success /v2/user/me'];
    assert.deepEqual(lines.filter((line) => order.includes(line)).filter((line, i, all) => all.indexOf(line) === i), order, lines.join('\n'));
    const parties = await page.$$eval('#log li', (all) => all.filter(({ dataset }) => dataset.source === 'POST /oauth/token').map((li) => li.querySelector('.parties').textContent.trim()));
    assert.deepEqual(parties, ['토큰 서버 → 카카오']);
  });

  test('a login that comes back by a redirect has its steps in the log, too', async () => {
    await page.click('#options summary');
    await page.check('input[value=redirect]');
    await page.click('#login');
    const box = await page.waitForSelector(`button[name=user][value="${USER.id}"]`);
    await box.click();
    if (await page.waitForSelector('button[value=accept], #logout:visible').then((found) => found.evaluate((it) => it.value === 'accept'))) await accept(page);
    await page.waitForSelector('#log li[data-event=success][data-source="Kakao.init"]');
    await page.waitForSelector('#log li[data-source="GET /kakao/callback"]');
    const lines = await logged();
    assert.ok(lines.indexOf('request GET /oauth/authorize') < lines.indexOf('request GET /kakao/callback'), lines.join('\n'));
    assert.ok(lines.indexOf('request GET /kakao/callback') < lines.indexOf('success Kakao.init'), lines.join('\n'));
  });

  test('a login that waits says how far it is, and can be given up', async () => {
    const opening = page.waitForEvent('popup');
    await page.click('#login');
    const popup = await opening;
    await page.waitForSelector('#stages [data-stage=asked][aria-current=step]');
    const closed = popup.waitForEvent('close');
    await page.getByRole('button', { name: '취소' }).click();
    await closed;
    await page.waitForSelector('#login:enabled');
    assert.equal(await page.isVisible('#waiting'), false);
    assert.equal(await page.evaluate(() => document.activeElement.id), 'login');
    await page.getByRole('status').getByText('로그인을 그만뒀어요.').waitFor();
    await logIn();
  });

  test('consent items and terms go by their names, and each button has one of its own', async () => {
    await logIn();
    await page.waitForSelector('#terms li[data-tag]');
    assert.match(await page.textContent('#terms li[data-tag=service_20260101]'), /서비스 이용약관/);
    const names = await page.$$eval('#scopes button', (buttons) => buttons.map((button) => [button.textContent, button.getAttribute('aria-label')]));
    assert.equal(new Set(names.map(([, name]) => name)).size, names.length);
    for (const [text, name] of names) assert.ok(name.includes(text), `the name “${name}” lacks what is to be seen: ${text}`);
  });

  test('the explorer has every call, and shows no answer beside another call', async () => {
    await logIn();
    assert.equal(await page.locator('#explorer-url option').count(), 42);
    await page.click('#explorer-run');
    await page.waitForSelector('#explorer-result[data-status=ok]');
    await page.selectOption('#explorer-url', '/v1/api/story/profile');
    assert.equal(await page.isVisible('#explorer-result'), false);
    await page.click('#explorer-run');
    await page.waitForSelector('#explorer-result[data-status=fail]');

    // An answer that comes late is not that of the call that was chosen meanwhile.
    await page.selectOption('#explorer-url', '/v2/user/scopes');
    let late;
    const held = new Promise((resolve) => { late = resolve; });
    await page.route('**/v2/user/scopes', async (route) => { await held; await route.continue(); });
    await page.click('#explorer-run');
    await page.selectOption('#explorer-url', '/v2/user/me');
    late();
    await page.waitForSelector('#log li[data-event=always][data-source="/v2/user/scopes"] ~ li[data-event=always][data-source="/v2/user/scopes"]');
    assert.equal(await page.isVisible('#explorer-result'), false);
  });

  test('it fits a phone, in both languages', async () => {
    await page.setViewportSize({ width: 390, height: 844 });
    await logIn();
    for (const language of ['first', 'second']) {
      const width = await page.evaluate(() => document.documentElement.scrollWidth);
      assert.ok(width <= 390, `${language} language: the page is ${width} wide`);
      await page.screenshot({ path: `e2e/artifacts/demo-phone-${language}.png`, fullPage: true });
      await page.locator('#lang').evaluate((element) => {
        if (element.tagName === 'SELECT') {
          element.selectedIndex = 1 - element.selectedIndex;
          element.dispatchEvent(new Event('change', { bubbles: true }));
        } else element.click();
      });
    }
  });
});
