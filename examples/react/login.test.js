// Logs in to the built app in Chromium, with an emulator and a token server.

import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { build, createServer, preview } from 'vite';
import { LIMIT, logIn, startSite } from '../site.mjs';

const root = import.meta.dirname;
let site;
let app;
let listen; // where the app listens

beforeAll(async () => {
  site = await startSite();
  listen = { host: '127.0.0.1', port: site.port, strictPort: true };
  Object.assign(process.env, { VITE_KAKAO_JAVASCRIPT_KEY: site.key, VITE_KAKAO_HOST: site.kakao.url, TOKEN_SERVER: site.server.url });
  await build({ root, logLevel: 'error' });
  app = await preview({ root, logLevel: 'error', preview: listen });
}, LIMIT);
beforeEach(() => site.kakao.reset());
afterAll(async () => {
  await app?.close();
  await site?.close();
}, LIMIT);

const button = (page) => page.getByRole('button', { name: '카카오 로그인' });
const greeting = (page) => page.getByText('하늘보리님, 안녕하세요.');

test('logs in, stays logged in after a reload and in another tab, and logs out in both', async () => {
  const page = await site.open();
  await logIn(page, /하늘보리/);
  await greeting(page).waitFor();
  await page.reload();
  await greeting(page).waitFor();
  const other = await page.context().newPage();
  await other.goto(site.origin);
  await greeting(other).waitFor();
  await other.getByRole('button', { name: '로그아웃' }).click();
  await button(other).waitFor();
  await button(page).waitFor();
  expect(page.problems).toEqual([]);
}, LIMIT);

test('a popup that the user closes leaves the page as it was', async () => {
  const page = await site.open();
  const opened = page.waitForEvent('popup');
  await button(page).click();
  await page.locator('button[aria-busy=true]').waitFor();
  await (await opened).close();
  await page.locator('button[aria-busy=false]').waitFor();
  expect(await page.getByRole('alert').count()).toBe(0);
  expect(page.problems).toEqual([]);
}, LIMIT);

test('logs in by leading this window away, and hears of a refusal there', async () => {
  const page = await site.open();
  await page.getByRole('button', { name: '이 창에서 로그인' }).click();
  await page.getByRole('button', { name: /하늘보리/ }).click();
  await page.getByRole('button', { name: '취소' }).click();
  await page.getByText('로그인하지 못했습니다. (access_denied)').waitFor();
  await page.getByRole('button', { name: '이 창에서 로그인' }).click();
  await page.getByRole('button', { name: '동의하고 계속하기' }).click();
  await greeting(page).waitFor();
  expect(await page.getByRole('alert').count()).toBe(0);
  expect(page.problems).toEqual([]);
}, LIMIT);

test('a hot reload of the component keeps the login', async () => {
  await app.close();
  let word = '안녕하세요';
  const edit = { name: 'edit', enforce: 'pre', transform: (code, id) => (id.endsWith('/Account.jsx') ? code.replace('안녕하세요', word) : null) };
  app = await createServer({ root, logLevel: 'error', plugins: [edit], server: { ...listen, watch: null } });
  await app.listen();
  const page = await site.open();
  await logIn(page, /하늘보리/);
  await greeting(page).waitFor();
  await page.evaluate(() => { window.loadedOnce = true; });
  word = '반갑습니다';
  await app.reloadModule(await app.moduleGraph.getModuleByUrl('/src/Account.jsx'));
  await page.getByText('하늘보리님, 반갑습니다.').waitFor();
  expect(await page.evaluate(() => window.loadedOnce)).toBe(true);
  expect(page.problems).toEqual([]);
}, LIMIT);

test('a token server that does not answer is said, and the page stays', async () => {
  const page = await site.open();
  await site.server.close();
  await button(page).click();
  await page.getByText('로그인하지 못했습니다. (server_unavailable)').waitFor();
  await button(page).waitFor();
  expect(page.problems).toEqual([]);
}, LIMIT);
