import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { after, before, beforeEach, describe, test } from 'node:test';
import { accept, logInAtPlatform, newContext, SDK, startBrowser, USER } from './site.mjs';

/** Starts `kakaowasm demo` on free ports, as `make demo` does, and returns its address. */
async function startDemo() {
  const demo = spawn('dist/kakaowasm', ['demo', '--addr', '127.0.0.1:0', '--sdk-dir', SDK], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = new Promise((resolve) => { demo.once('exit', resolve); });
  for await (const line of createInterface({ input: demo.stdout })) {
    const [, origin] = /open\s+(http:\S+)/.exec(line) ?? [];
    if (origin) return { origin, close: () => { demo.kill('SIGTERM'); return ended; } };
  }
  throw new Error('the demo ended without saying its address');
}

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
