// What a web app with Kakao Login runs beside: an emulator of Kakao, a token server, and a browser to try it in.

import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { createEmulator } from '@kakaowasm/emulator';
import { chromium } from 'playwright-core';

/** How long a test waits for what must come, in milliseconds: a busy machine is slow, and is not wrong. */
export const LIMIT = 60_000;

/** A port that nobody listens on. */
function freePort() {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

/** Starts the token server of an app at origin, with the emulator as its Kakao. */
async function startTokenServer(kakao, origin, args) {
  const { KAKAO_CLIENT_SECRET: secret, ...env } = await kakao.env();
  const folder = await mkdtemp(join(tmpdir(), 'kakaowasm-secret-'));
  await writeFile(join(folder, 'client-secret'), secret);
  const server = spawn(process.env.KAKAOWASM_BINARY ?? 'kakaowasm', [
    'serve', '--addr', '127.0.0.1:0', '--public-url', `${origin}/kakao`, '--store', 'memory',
    '--client-secret-file', join(folder, 'client-secret'), ...args,
  ], { env: { ...process.env, ...env }, stdio: ['ignore', 'ignore', 'pipe'] });
  const said = [];
  const address = await new Promise((resolve, reject) => {
    server.once('error', reject);
    server.once('exit', () => reject(new Error(`the token server has ended:\n${said.join('\n')}`)));
    createInterface({ input: server.stderr }).on('line', (line) => {
      said.push(line);
      const { msg, address: bound } = line.startsWith('{') ? JSON.parse(line) : {};
      if (msg === 'listening') resolve(bound);
    });
  });
  const ended = new Promise((resolve) => { server.once('exit', resolve); });
  return {
    url: `http://${address}`,
    async close() {
      server.kill('SIGKILL'); // nothing of it is kept
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

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
