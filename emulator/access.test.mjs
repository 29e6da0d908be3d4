// Every page of the emulator in every state: axe, forced colours, a narrow screen. KAKAOWASM_BINARY names the program.

import { after, before, describe, test } from 'node:test';
import { checkAccess } from '../e2e/access.mjs';
import { startBrowser } from '../e2e/site.mjs';
import { createEmulator } from '../npm-emulator/index.js';

const BACK = 'http://127.0.0.1:1/back';
const KEY = '1'.repeat(32);

const authorize = (more = {}) => `/oauth/authorize?${new URLSearchParams({ client_id: KEY, redirect_uri: BACK, response_type: 'code', state: 's1', ...more })}`;

/** Presses the first account of the login page. */
const chooseAccount = async (page) => {
  await page.locator('button.account').first().click();
  await page.waitForLoadState();
};

/** The pages, each with its address and how it gets into its state. */
const PAGES = {
  'front door': ['/'],
  'front door, logged in': ['/', (page) => page.locator('button.account').first().click()],
  'unknown path': ['/nowhere'],
  login: [authorize({ prompt: 'login' })],
  'login, unknown account': [authorize({ prompt: 'login' }), async (page) => {
    await page.locator('#email').fill('nobody@example.com');
    await page.locator('button[value=login]').click();
    await page.locator('#nobody').waitFor();
  }],
  consent: [authorize({ prompt: 'login' }), chooseAccount],
  'sign-up': [authorize({ prompt: 'create' })],
  'sign-up, taken address': [authorize({ prompt: 'create' }), async (page) => {
    await page.locator('#nickname').fill('새봄');
    await page.locator('#email').fill('haneul@example.com');
    await page.locator('button[value=create]').click();
    await page.locator('#problem').waitFor();
  }],
  'KOE006 with a comparison': [authorize({ redirect_uri: `${BACK}/` })],
  KOE101: [authorize({ client_id: '9'.repeat(32) })],
  'closing page with an error': [authorize({ redirect_uri: 'JS-SDK', scope: 'birthdate' })],
  ...Object.fromEntries(['apps', 'apps/100001', 'users', 'users/4210000001', 'links', 'calls', 'calls/1', 'logins/1', 'webhooks', 'messages', 'faults', 'platform', 'nowhere']
    .map((view) => [`console ${view}`, [`/console#/${view}`, (page) => page.waitForFunction(() => document.querySelector('#clock').textContent && document.querySelector('#view h1'))]])),
  'console, a request opened': ['/console#/calls', async (page) => {
    await page.locator('.line summary', { hasText: '/oauth/token' }).first().click();
    await page.locator('.line .call pre').first().waitFor();
  }],
  'console, requests by login': ['/console#/calls', async (page) => {
    await page.locator('.line').first().waitFor();
    await page.locator('.tools input[role=switch]').click();
    await page.locator('.group').first().waitFor();
  }],
  'console, a mistake in a form': ['/console#/faults', async (page) => {
    await page.locator('input[list=paths]').fill('no slash');
    await page.locator('form .primary').click();
    await page.locator('[aria-invalid]').first().waitFor();
  }],
  'console, a question': ['/console#/platform', async (page) => {
    await page.locator('.card.end .danger').click();
    await page.locator('dialog[open]').waitFor();
  }],
};

describe('the pages', () => {
  let kakao;
  let browser;
  before(async () => {
    kakao = await createEmulator({ redirectUris: [BACK] });
    browser = await startBrowser();
    await traffic();
  });
  after(async () => {
    await browser?.close();
    await kakao?.close();
  });

  /** A login with all that comes after it, so that no list is empty. */
  async function traffic() {
    await kakao.logInAs(4210000002);
    const away = await fetch(kakao.url + authorize({ scope: 'profile_nickname,talk_message' }), { redirect: 'manual' });
    const code = new URL(away.headers.get('location')).searchParams.get('code');
    const form = (values) => ({ method: 'POST', body: new URLSearchParams(values) });
    const tokens = await (await fetch(`${kakao.url}/oauth/token`, form({ grant_type: 'authorization_code', client_id: KEY, client_secret: '4'.repeat(32), redirect_uri: BACK, code }))).json();
    await fetch(`${kakao.url}/v2/api/talk/memo/send`, { ...form({ template_id: '7' }), headers: { Authorization: `Bearer ${tokens.access_token}` } });
    await fetch(`${kakao.url}/oauth/token`, form({ grant_type: 'nothing' }));
    await kakao.apps.change(100001, { unlink_webhook: { url: 'http://127.0.0.1:1/unlinked' } });
    await kakao.request('POST', 'links/100001/4210000002/unlink');
    await kakao.fault('/v9/*', { status: 500 });
    await kakao.showPages();
  }

  for (const [name, [path, prepare]] of Object.entries(PAGES)) {
    test(`${name}: axe, forced colours, 320 pixels`, () => checkAccess(browser, kakao.url + path, prepare));
  }
});
