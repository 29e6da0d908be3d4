// What a web app with Kakao Login runs beside: an emulator of Kakao, a token server, and a browser to try it in.

import { createEmulator } from '@kakaowasm/emulator';
import { chromium } from 'playwright-core';
import { freePort, startTokenServer } from './tokenserver.mjs';

/** How long a test waits for what must come, in milliseconds: a busy machine is slow, and is not wrong. */
export const LIMIT = 60_000;

/**
 * Starts all of it but the app, which listens on `port`.
 * @param {string[]} [args] further options of the token server; {origin} in them stands for the app's
 */
export async function startSite(args = []) {
  const port = await freePort();
  const origin = `http://127.0.0.1:${port}`;
  const kakao = await createEmulator({ redirectUris: [`${origin}/kakao/callback`] });
  const server = await startTokenServer(kakao, origin, args.map((arg) => arg.replaceAll('{origin}', origin)));
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM, args: process.getuid?.() === 0 ? ['--no-sandbox'] : [] });
  return {
    origin, port, kakao, server,
    key: (await kakao.env()).KAKAO_JAVASCRIPT_KEY,

    /** A page of a browser that has no past. Its exceptions end the test. */
    async open(path = '/') {
      const context = await browser.newContext({ locale: 'ko-KR' });
      context.setDefaultTimeout(LIMIT);
      const page = await context.newPage();
      page.problems = [];
      page.on('pageerror', (error) => page.problems.push(String(error)));
      await page.goto(origin + path);
      return page;
    },

    async close() {
      await browser.close();
      await server.close();
      await kakao.close();
    },
  };
}

/** Logs in through the popup that a click on Kakao's button opens, as somebody who is asked who he is and whether he agrees. */
export async function logIn(page, nickname, button = page.getByRole('button', { name: '카카오 로그인' })) {
  const opened = page.waitForEvent('popup');
  await button.click();
  const popup = await opened;
  await popup.getByRole('button', { name: nickname }).click();
  await popup.getByRole('button', { name: '동의하고 계속하기' }).click();
}
