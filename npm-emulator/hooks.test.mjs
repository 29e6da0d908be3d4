// What a failing test prints under the real runners. KAKAOWASM_BINARY names the program.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { after, before, describe, test } from 'node:test';

/** A project of a runner: how it is run, and the file of tests. */
const RUNNERS = {
  vitest: { command: ['node_modules/.bin/vitest', 'run', '--root'], imports: "import { expect, test } from 'vitest';" },
  jest: { command: ['node', '--experimental-vm-modules', 'node_modules/.bin/jest', '--rootDir'], imports: "import { expect, test } from '@jest/globals';" },
};

const TESTS = `
const kakao = useKakao();
const ask = () => fetch(kakao.url + '/oauth/authorize?client_id=unknown');
test('fails', async () => { await ask(); expect(1).toBe(2); });
test('passes', async () => { await fetch(kakao.url + '/v2/user/me'); });
test('fails and was refused nothing', () => { expect(1).toBe(2); });
`;

describe('a test that fails', () => {
  let folder;
  before(async () => { folder = await mkdtemp('npm-emulator/hooks-test-'); });
  after(() => rm(folder, { recursive: true, force: true }));

  for (const [name, { command: [program, ...args], imports }] of Object.entries(RUNNERS)) {
    test(`says under ${name} what Kakao refused; one that passes does not`, async () => {
      await writeFile(`${folder}/package.json`, JSON.stringify({ type: 'module', jest: { testEnvironment: 'node', transform: {} } }));
      await writeFile(`${folder}/refused.test.js`, `${imports}\nimport { useKakao } from '@kakaowasm/emulator/${name}';\n${TESTS}`);
      const run = spawn(program, [...args, folder], { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: '0' } });
      let printed = '';
      for (const stream of [run.stdout, run.stderr]) stream.on('data', (chunk) => { printed += chunk; });
      await new Promise((resolve) => { run.once('close', resolve); });
      assert.match(printed, /2 failed/, printed);
      const told = printed.match(/what Kakao refused:\s+\S+ \S+ -> .*/g) ?? [];
      assert.deepEqual(told.map((line) => line.replace(/\s+/g, ' ').trim()), ['what Kakao refused: GET /oauth/authorize -> 401 KOE101'], printed);
    });
  }
});
