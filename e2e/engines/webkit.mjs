// WebKit, driven by WebDriver: WebKitGTK's small browser on a display of its own.

import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Builder, By, error } from 'selenium-webdriver';
import { LIMIT, program, until } from './driver.mjs';

/** Starts a display, and finds WebKit's driver. */
export async function startWebKit() {
  const binary = program('/usr/lib/x86_64-linux-gnu/webkit2gtk-4.1/MiniBrowser', { debian: 'libwebkit2gtk-4.1-0', variable: 'WEBKIT' });
  const path = program('/usr/bin/WebKitWebDriver', { debian: 'webkit2gtk-driver', variable: 'WEBKIT_DRIVER' });
  const home = mkdtempSync(join(tmpdir(), 'kakaowasm-webkit-'));
  const display = await startDisplay();
  const env = {
    ...process.env, HOME: home, DISPLAY: display.name, GDK_BACKEND: 'x11', WEBKIT_DISABLE_COMPOSITING_MODE: '1', LIBGL_ALWAYS_SOFTWARE: '1',
  };
  const start = async () => profile(await startDriver(path, env), binary);
  return {
    profile: () => start().catch(start), // one browser in some hundred does not come up
    async close() {
      await end(display.process);
      rmSync(home, { recursive: true, force: true });
    },
  };
}

/** Starts a display that nobody sees; it chooses its number by itself. */
async function startDisplay() {
  const xvfb = program('/usr/bin/Xvfb', { debian: 'xvfb', variable: 'XVFB' });
  const process_ = spawn(xvfb, ['-displayfd', '1', '-screen', '0', '1280x1024x24', '-nolisten', 'tcp'], { stdio: ['ignore', 'pipe', 'ignore'] });
  const number = await new Promise((resolve, reject) => {
    createInterface({ input: process_.stdout }).once('line', resolve);
    process_.once('exit', (code) => reject(new Error(`Xvfb ended with ${code}`)));
  });
  return { process: process_, name: `:${number}` };
}

async function startDriver(path, env) {
  const port = await freePort();
  const process_ = spawn(path, ['--host=127.0.0.1', `--port=${port}`], { env, stdio: 'ignore' });
  const url = `http://127.0.0.1:${port}`;
  await until('the driver of WebKit', () => fetch(`${url}/status`).then(({ ok }) => ok, () => false));
  return { process: process_, url };
}

const freePort = () => new Promise((resolve) => {
  const server = createServer().listen(0, '127.0.0.1', () => {
    const { port } = server.address();
    server.close(() => resolve(port));
  });
});

/** What a promise answers, if it does within that many milliseconds. */
async function within(milliseconds, promise) {
  let timer;
  const late = new Promise((_, reject) => { timer = setTimeout(reject, milliseconds, new Error('WebKit does not answer')); });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

const end = (child) => new Promise((resolve) => {
  if (child.exitCode !== null) resolve();
  child.once('exit', resolve);
  child.kill();
});

/** Starts a browser, whose profile is empty: a driver has one at a time. */
async function profile({ process: service, url }, binary) {
  const building = new Builder().usingServer(url).withCapabilities({
    browserName: 'MiniBrowser',
    'webkitgtk:browserOptions': { binary, args: ['--automation'] },
  }).build();
  const driver = await within(LIMIT / 2, building).catch(async (problem) => {
    await end(service);
    throw problem;
  });
  await driver.manage().setTimeouts({ script: LIMIT, pageLoad: LIMIT });
  const windows = new Map();
  const windowOf = (handle) => {
    if (!windows.has(handle)) windows.set(handle, asWindow(driver, handle));
    return windows.get(handle);
  };
  let fresh = true; // a session has a window from the start
  return {
    async open(address) {
      if (!fresh) await driver.switchTo().newWindow('tab');
      fresh = false;
      await driver.get(address);
      return windowOf(await driver.getWindowHandle());
    },
    windows: async () => (await driver.getAllWindowHandles()).map(windowOf),
    async close() {
      await within(LIMIT / 2, driver.quit()).catch(() => {}); // or the driver takes its browser along
      await end(service);
    },
  };
}

/** Runs in the page: calls the function and tells what its promise does. */
const CALL = (fn) => `const done = arguments[1];
Promise.resolve(arguments[0]).then(${fn}).then((value) => done({ value }), (error) => done({ failure: String(error) }));`;

/** A driver has one window at a time: whoever does something in another one switches to it first. */
function asWindow(driver, handle) {
  const here = async (act) => {
    await driver.switchTo().window(handle);
    return act();
  };
  const evaluate = async (fn, arg) => {
    const { value, failure } = await here(() => driver.executeAsyncScript(CALL(fn), arg));
    if (failure) throw new Error(failure);
    return value;
  };
  const waitForFunction = (fn, arg) => until(String(fn), () => evaluate(fn, arg));
  const clickOnce = async (selector) => {
    await waitForFunction((wanted) => document.readyState === 'complete' && document.querySelector(wanted) !== null, selector);
    return here(() => driver.findElement(By.css(selector)).click());
  };
  return {
    evaluate,
    waitForFunction,
    click: (selector) => clickOnce(selector).catch((problem) => {
      if (!(problem instanceof error.StaleElementReferenceError)) throw problem;
      return clickOnce(selector); // another document came before the click
    }),
    goto: (address) => here(() => driver.get(address)),
    reload: () => here(() => driver.navigate().refresh()),
    back: () => here(() => driver.navigate().back()),
    close: () => here(() => driver.close()),
  };
}
