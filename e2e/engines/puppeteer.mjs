// Chromium and Firefox, driven by Puppeteer: over the DevTools protocol and WebDriver BiDi.

import puppeteer from 'puppeteer-core';
import { LIMIT, program, until } from './driver.mjs';

const CHROMIUM_FLAGS = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
  '--disable-background-networking', '--disable-component-update', '--disable-sync'];

/** Starts Chromium, with the popup blocker that users have. */
export const startChromium = () => start({
  browser: 'chrome',
  executablePath: program('/usr/bin/chromium', { debian: 'chromium', variable: 'CHROMIUM' }),
  args: CHROMIUM_FLAGS,
  ignoreDefaultArgs: ['--disable-popup-blocking'],
});

/** Starts Firefox, with the popup blocker that users have. */
export const startFirefox = () => start({
  browser: 'firefox',
  executablePath: program('/usr/bin/firefox-esr', { debian: 'firefox-esr', variable: 'FIREFOX' }),
  extraPrefsFirefox: { 'dom.disable_open_during_load': true },
});

async function start(options) {
  const browser = await puppeteer.launch({ headless: true, timeout: LIMIT, protocolTimeout: LIMIT, ...options });
  return { profile: async () => profile(await browser.createBrowserContext()), close: () => browser.close() };
}

function profile(context) {
  const windows = new Map(); // one for each page, so that they can be told apart
  const windowOf = (page) => {
    if (!windows.has(page)) windows.set(page, asWindow(page));
    return windows.get(page);
  };
  return {
    async open(address) {
      const page = await context.newPage();
      await page.goto(address);
      return windowOf(page);
    },
    windows: async () => (await context.pages()).map(windowOf),
    close: () => context.close(),
  };
}

/** What the page answers travels as JSON: of an error, BiDi would bring nothing else. */
async function evaluate(page, fn, arg) {
  const text = await page.evaluate(`Promise.resolve(${JSON.stringify(arg)}).then(${fn}).then((value) => JSON.stringify(value))`);
  return text && JSON.parse(text);
}

const asWindow = (page) => ({
  evaluate: (fn, arg) => evaluate(page, fn, arg),
  waitForFunction: (fn, arg) => until(String(fn), () => evaluate(page, fn, arg)),
  click: (selector) => page.locator(selector).setTimeout(LIMIT).click(),
  goto: async (address) => { await page.goto(address); },
  reload: async () => { await page.reload(); },
  back: async () => { await page.goBack(); },
  close: () => page.close(),
});
