// Logs in to the built Next.js app in Chromium, and asks its server and an Express server behind it who that is. npm ci in
// npm/frameworks installs both frameworks.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, beforeEach, describe, test } from 'node:test';
import { install, root, succeed } from '../npm/packing.mjs';
import { LIMIT, logIn, startSite } from './site.mjs';

process.env.KAKAOWASM_BINARY ??= join(root, 'dist/kakaowasm');
process.env.CHROMIUM ??= '/usr/bin/chromium';

const tools = join(root, 'npm/frameworks');
const AUDIENCE = 'https://reports.example.com';

let work; // copies of the examples, beside what they depend on
let site;
let express;
let next;

/** Starts the built Next.js app, and waits until it says that it is ready. */
async function startNext(bin, env) {
  const server = spawn(process.execPath, [bin, 'start', '-H', '127.0.0.1', '-p', String(site.port)], {
    cwd: join(work, 'next'), env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said = [];
  server.stderr.on('data', (chunk) => said.push(chunk));
  for await (const line of createInterface({ input: server.stdout })) {
    said.push(line);
    if (/Ready in/.test(line)) return server;
  }
  throw new Error(`next start has ended:\n${said.join('\n')}`);
}

before(async () => {
  await install(tools);
  work = await mkdtemp(join(tools, 'app-'));
  for (const name of ['express', 'next']) await cp(join(root, 'examples', name), join(work, name), { recursive: true });
  site = await startSite(['--token-audience', `{origin}=${AUDIENCE}`]);
  const { createApp } = await import(join(work, 'express/app.mjs'));
  express = createApp({ server: `${site.server.url}/kakao`, issuer: `${site.origin}/kakao`, audience: AUDIENCE }).listen(0, '127.0.0.1');
  await once(express, 'listening');
  const env = {
    NEXT_TELEMETRY_DISABLED: '1', TOKEN_SERVER: site.server.url, EXPRESS: `http://127.0.0.1:${express.address().port}`,
    KAKAO_JAVASCRIPT_KEY: site.key, KAKAO_HOST: site.kakao.url,
  };
  const bin = join(tools, 'node_modules/next/dist/bin/next');
  succeed(process.execPath, [bin, 'build'], join(work, 'next'), env);
  next = await startNext(bin, env);
}, { timeout: 10 * LIMIT });
beforeEach(() => site.kakao.reset());
after(async () => {
  next?.kill('SIGKILL');
  express?.close();
  express?.closeAllConnections();
  await site?.close();
  if (work) await rm(work, { recursive: true, force: true });
});

/** What an address answers in the page: status and JSON. */
const ask = (page, path, init) => page.evaluate(async ([address, given]) => {
  const answer = await fetch(address, given);
  return [answer.status, await answer.json()];
}, [path, init]);

describe('a Next.js app and an Express server on one host with the token server', () => {
  let page;
  beforeEach(async () => { page = await site.open(); });

  test('know nobody before a login', async () => {
    await page.getByRole('heading', { name: '로그인해 주세요.' }).waitFor();
    assert.deepEqual(await ask(page, '/api/me'), [401, { error: 'login_required' }]);
    assert.deepEqual(await ask(page, '/shop/orders'), [401, { error: 'login_required' }]);
    assert.deepEqual(await ask(page, '/shop/reports'), [401, { error: 'login_required' }]);
    await page.goto(`${site.origin}/members`);
    assert.equal(new URL(page.url()).pathname, '/');
    assert.deepEqual(page.problems, []);
  });

  test('know who has logged in, and that he has logged out', async () => {
    await logIn(page, /하늘보리/);
    await page.getByRole('heading', { name: '회원번호 4210000001' }).waitFor();
    const [status, { userId }] = await ask(page, '/api/me');
    assert.deepEqual([status, userId], [200, '4210000001']);
    assert.deepEqual(await ask(page, '/shop/orders'), [200, { orders: [], of: '4210000001' }]);

    const [, { token }] = await ask(page, '/kakao/session/token', { method: 'POST', headers: { Kakaowasm: '1' } });
    assert.deepEqual(await ask(page, '/shop/reports', { headers: { Authorization: `Bearer ${token}` } }), [200, { reports: [], of: '4210000001' }]);
    assert.deepEqual(await ask(page, '/shop/reports', { headers: { Authorization: `Bearer ${token.slice(0, -9)}AAAAAAAAA` } }), [401, { error: 'invalid_token' }]);

    await page.getByRole('link', { name: '회원 전용' }).click();
    await page.getByRole('heading', { name: '회원 4210000001님의 페이지입니다.' }).waitFor();
    await page.goto(site.origin);
    await page.getByRole('button', { name: '로그아웃' }).click();
    await page.getByRole('heading', { name: '로그인해 주세요.' }).waitFor();
    assert.deepEqual(await ask(page, '/api/me'), [401, { error: 'login_required' }]);
    assert.deepEqual(page.problems, []); // such as what hydration complains of
  });
});
