// A token server beside an emulator, for tests.

import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** A port that nobody listens on. */
export function freePort() {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

/**
 * Starts the token server of an app at origin, with an emulator as its Kakao.
 * @param {import('@kakaowasm/emulator').World} kakao
 * @param {string} origin
 * @param {string[]} [args] further options of the token server
 */
export async function startTokenServer(kakao, origin, args = []) {
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
    log: () => said.join('\n'),
    async close() {
      server.kill('SIGKILL'); // nothing of it is kept
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}
