// Logs in to the built app in Chromium, with an emulator and a token server.

import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createServer } from 'vite';
import { LIMIT, logIn } from '../site.mjs';
import { button, greeting, logInAndOut, startViteApp } from '../viteapp.mjs';

const root = import.meta.dirname;
let app;
let site;
let development; // Vite's server of the page as it is edited

beforeAll(async () => {
  app = await startViteApp(root);
  ({ site } = app);
}, LIMIT);
beforeEach(() => site.kakao.reset());
afterAll(async () => {
  await development?.close();
  await app?.close();
}, LIMIT);

test('logs in, stays logged in after a reload and in another tab, and logs out in both', async () => {
  expect(await logInAndOut(site)).toEqual([]);
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
  await app.stopServing();
  let word = '안녕하세요';
  const edit = { name: 'edit', enforce: 'pre', transform: (code, id) => (id.endsWith('/Account.jsx') ? code.replace('안녕하세요', word) : null) };
  development = await createServer({ root, logLevel: 'error', plugins: [edit], server: { ...app.listen, watch: null } });
  await development.listen();
  const page = await site.open();
  await logIn(page, /하늘보리/);
  await greeting(page).waitFor();
  await page.evaluate(() => { window.loadedOnce = true; });
  word = '반갑습니다';
  await development.reloadModule(await development.moduleGraph.getModuleByUrl('/src/Account.jsx'));
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
