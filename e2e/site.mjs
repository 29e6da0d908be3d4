// Starts the harness and a browser, and does in it what users do.

import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { after, before, beforeEach } from 'node:test';
import { chromium } from 'playwright-core';

/** The build under test: a folder that npm/build.mjs filled. */
export const SDK = process.env.SDK ?? 'dist/go';

/** How long a test waits for what must come, in milliseconds: a busy machine is slow, and is not wrong. */
const LIMIT = 60_000;

/** The seeded user whom the tests log in. */
export const USER = { id: '4210000001' };

const FLAGS = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
  '--disable-background-networking', '--disable-component-update', '--disable-sync'];

/** Starts a harness; `close` ends it. */
export async function startSite({ accessTTL = '12h' } = {}) {
  const harness = spawn('dist/harness', ['-sdk', SDK, '-access-ttl', accessTTL], { stdio: ['pipe', 'pipe', 'pipe'] });
  let log = '';
  harness.stderr.on('data', (chunk) => { log += chunk; });
  const ended = new Promise((resolve) => { harness.once('exit', resolve); });
  const first = await Promise.race([
    new Promise((resolve) => { createInterface({ input: harness.stdout }).once('line', resolve); }),
    ended.then(() => { throw new Error(`the harness ended at once:\n${log}`); }),
  ]);
  const site = JSON.parse(first);
  return {
    ...site,
    log: () => log,
    control: async (action) => {
      const answer = await fetch(`${site.control}/${action}`, { method: 'POST' });
      if (!answer.ok) throw new Error(`control ${action}: ${answer.status}`);
    },
    counts: async () => (await fetch(`${site.control}/counts`)).json(),
    async close() {
      harness.stdin.end();
      await ended;
    },
  };
}

/**
 * Starts site and browser for a suite, and gives each test, through `hand`, a site without a past and
 * a browser profile of its own.
 */
export function useSite(hand, options) {
  let site;
  let browser;
  let context;
  before(async () => {
    site = await startSite(options);
    browser = await startBrowser();
  });
  beforeEach(async () => {
    await site.control('reset');
    await context?.close();
    context = await newContext(browser);
    hand({ site, context });
  });
  after(async () => {
    await browser?.close();
    await site?.close();
  });
}

/** Starts the browser, with more flags than it always gets. */
export const startBrowser = (flags = []) => chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: [...FLAGS, ...flags],
});

/**
 * Opens a page of the site with the SDK started, and records what its callbacks hear in
 * `window.heard`.
 */
export async function openPage(context, site, { path = '/', origin = site.page, init = true, options } = {}) {
  const page = await context.newPage();
  page.problems = [];
  page.on('pageerror', (error) => page.problems.push(String(error)));
  await page.goto(origin + path);
  if (init) await initialize(page, site, options);
  return page;
}

/** Starts the SDK on a page that has loaded it, and prepares recording. */
export async function initialize(page, site, options) {
  await page.evaluate(([key, given]) => {
    window.heard = [];
    window.recorder = (names) => Object.fromEntries(names.map((name) => [name, (answer) => {
      window.heard.push([name, answer]);
    }]));
    const { open } = window;
    window.open = (address, ...rest) => open((window.opened = address), ...rest);
    window.tokenEvents = [];
    window.addEventListener('kakao:token', ({ detail }) => window.tokenEvents.push(detail));
    Kakao.init(key, given);
  }, [site.appKey, options]);
}

/** Makes the page's button call Auth.login. */
export const prepareLogin = (page, settings = {}) => page.evaluate((given) => {
  document.getElementById('login').onclick = () => {
    window.promised = Kakao.Auth.login({ ...window.recorder(['success', 'fail', 'always']), ...given })
      .then((answer) => ['resolved', answer], (answer) => ['rejected', answer]);
  };
}, settings);

/** Calls Auth.login inside a click, as a page does, and returns the popup. */
export async function clickLogin(page, settings) {
  const popup = page.waitForEvent('popup');
  await prepareLogin(page, settings);
  await page.click('#login');
  return popup;
}

/** Logs in at the platform as the seeded user, up to the consent page. */
export async function logInAtPlatform(popup) {
  await popup.click(`button[name=user][value="${USER.id}"]`);
}

/** Accepts the consent page. */
export async function accept(popup) {
  await popup.click('button[name=decision][value=accept]');
}

/** Does a whole login and waits for its end. */
export async function login(page, settings) {
  const popup = await clickLogin(page, settings);
  await logInAtPlatform(popup);
  await accept(popup);
  await heard(page, 2);
}

/** Does a login that the platform answers without a dialog, because the user has agreed before. */
export async function loginAgain(page, settings) {
  await clickLogin(page, settings);
  await heard(page, 2);
}

/** Waits until the callbacks have been called n times, and returns what they heard. */
export async function heard(page, n) {
  await page.waitForFunction((count) => window.heard.length >= count, n);
  return page.evaluate(() => window.heard);
}

/** Calls the API as a legacy page does: [callback, answer]. */
export const request = (page, url, data) => page.evaluate(([address, given]) => new Promise((resolve) => {
  Kakao.API.request({
    url: address,
    ...(given && { data: given }),
    success: (answer) => resolve(['success', answer]),
    fail: (answer) => resolve(['fail', answer]),
  });
}), [url, data]);

/** What of the SDK lies in localStorage and sessionStorage, but for the moment of the last login or logout. */
export const stored = (page) => page.evaluate(() => ({
  local: Object.fromEntries(Object.entries(localStorage).filter(([key]) => !/^kakaowasm:.*:last$/.test(key))),
  session: { ...sessionStorage },
}));

/** The access token that a page holds. */
export const token = (page) => page.evaluate(() => Kakao.Auth.getAccessToken());

/** A browser profile of its own, whose waits end. Every test gets its profile here. */
export async function newContext(browser, options) {
  const context = await browser.newContext({ locale: 'ko-KR', ...options });
  context.setDefaultTimeout(LIMIT);
  return context;
}
