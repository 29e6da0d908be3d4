// The demo page and the relay page in every state: axe, forced colours, a narrow screen.

import { after, before, describe, test } from 'node:test';
import { checkAccess } from '../e2e/access.mjs';
import { startDemo } from '../e2e/demo.mjs';
import { accept, logInAtPlatform, startBrowser } from '../e2e/site.mjs';

/** Presses the login button, and returns the window that opens. */
async function open(page) {
  const opening = page.waitForEvent('popup');
  await page.click('#login');
  return opening;
}

async function logIn(page) {
  const popup = await open(page);
  await logInAtPlatform(popup);
  if (await popup.waitForSelector('button[value=accept]').catch(() => null)) await accept(popup); // or it closes at once
  await page.waitForSelector('#terms li[data-tag]');
}

const explore = async (page, url) => {
  await logIn(page);
  await page.selectOption('#explorer-url', url);
  await page.click('#explorer-run');
  await page.waitForSelector('#explorer-result');
};

/** The states of the demo page, each with how it is reached. */
const DEMO = {
  'before login': undefined,
  'login options': (page) => page.click('#options summary'),
  'while a login waits': async (page) => {
    await (await open(page)).waitForLoadState();
    await page.waitForSelector('#stages [data-stage=asked][aria-current]');
  },
  'login given up': async (page) => {
    await open(page);
    await page.click('#waiting-cancel');
    await page.waitForSelector('#login:enabled');
  },
  'logged in': logIn,
  'unlink dialog': async (page) => {
    await logIn(page);
    await page.click('#unlink');
    await page.waitForSelector('dialog[open]');
  },
  'explorer, an answer': (page) => explore(page, '/v2/user/me'),
  'explorer, a refusal': (page) => explore(page, '/v1/api/story/profile'),
  'explorer, no JSON': async (page) => {
    await page.fill('#explorer-data', '{');
    await page.click('#explorer-run');
    await page.waitForSelector('#explorer-error');
  },
  'log, a line unfolded': async (page) => {
    await logIn(page);
    await page.locator('#log summary').first().click();
  },
};

const callback = (state, query = 'code=c') => `/kakao/callback?${query}&state=${state}`;
const foreign = Buffer.from('https://elsewhere.example').toString('base64url');

/** The relay page, where it stays open: nobody listens, or it may not tell anybody. */
const RELAY = {
  done: callback(`p.${'s'.repeat(24)}`),
  'no result': '/kakao/callback',
  'a page that is not allowed': callback(`p.${'s'.repeat(24)}.${foreign}`),
};

describe('the demo and relay pages', () => {
  let demo;
  let browser;
  before(async () => {
    demo = await startDemo();
    browser = await startBrowser();
  });
  after(async () => {
    await browser?.close();
    await demo?.close();
  });

  for (const [name, prepare] of Object.entries(DEMO)) {
    test(`demo, ${name}: axe, forced colours, 320 pixels`, () => checkAccess(browser, demo.origin, prepare));
  }
  test('demo, logged in, in English: axe, forced colours, 320 pixels', () => checkAccess(browser, demo.origin, logIn, { locale: 'en-US' }));
  for (const [name, path] of Object.entries(RELAY)) {
    test(`relay, ${name}: axe, forced colours, 320 pixels`, () => checkAccess(browser, demo.origin + path));
  }
});
