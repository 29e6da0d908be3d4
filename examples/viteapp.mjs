// An example that Vite builds, served by Vite's preview, beside an emulator and a token server.

import { build, preview } from 'vite';
import { logIn, startSite } from './site.mjs';

/**
 * Builds the example and serves it.
 * @param {string} root its folder
 */
export async function startViteApp(root) {
  const site = await startSite();
  Object.assign(process.env, { VITE_KAKAO_JAVASCRIPT_KEY: site.key, VITE_KAKAO_HOST: site.kakao.url, TOKEN_SERVER: site.server.url });
  await build({ root, logLevel: 'error' });
  const listen = { host: '127.0.0.1', port: site.port, strictPort: true };
  const server = await preview({ root, logLevel: 'error', preview: listen });
  return {
    site, listen,
    stopServing: () => server.close(),
    async close() {
      await server.close();
      await site.close();
    },
  };
}

export const button = (page) => page.getByRole('button', { name: '카카오 로그인' });
export const greeting = (page) => page.getByText('하늘보리님, 안녕하세요.');

/**
 * Logs in, stays logged in after a reload and in another tab, and logs out in both.
 * @returns the exceptions of the pages
 */
export async function logInAndOut(site) {
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
  return page.problems;
}
