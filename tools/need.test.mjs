// Tests of what the build says where a tool is missing: on a machine that has only the named programs.

import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';

const root = resolve(fileURLToPath(new URL('.', import.meta.url)), '..');
const skip = process.platform === 'win32' && 'the build needs make and bash';
const folders = [];

/** A folder with these programs, as the only one on the PATH; `scripts` are programs that print a line. */
function machine(programs, scripts = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'kakaowasm-path-'));
  folders.push(folder);
  for (const name of ['bash', 'dirname', ...programs]) symlinkSync(execFileSync('/bin/sh', ['-c', `command -v ${name}`], { encoding: 'utf8' }).trim(), join(folder, name));
  for (const [name, line] of Object.entries(scripts)) {
    writeFileSync(join(folder, name), `#!/bin/sh\necho '${line}'\n`);
    chmodSync(join(folder, name), 0o755);
  }
  return folder;
}

const run = (PATH, file, ...args) => spawnSync(join(root, file), args, { env: { PATH, HOME: PATH }, encoding: 'utf8' });

after(() => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

for (const [name, folder, expected] of [
  ['Go', () => machine(['sh', 'node', 'npm']), /needs Go 1\.26 or newer .*install it/],
  ['Node.js', () => machine(['sh', 'go', 'npm']), /needs Node\.js 20 or newer .*install it/],
  ['npm', () => machine(['sh', 'go', 'node']), /needs npm/],
  ['a newer Node.js', () => machine(['sh', 'go', 'npm'], { node: 'v18.20.1' }), /needs Node\.js 20 or newer, and this is v18\.20\.1/],
]) {
  test(`the build says in one line that ${name} is missing`, { skip }, () => {
    const { status, stderr } = run(folder(), 'tools/need.sh');
    assert.equal(status, 1);
    assert.match(stderr, expected);
    assert.equal(stderr.trim().split('\n').length, 1);
  });
}

test('the build asks for nothing where all are there', { skip }, () => {
  const { status, stderr } = run(machine(['sh', 'go', 'node', 'npm']), 'tools/need.sh');
  assert.equal(stderr, '');
  assert.equal(status, 0);
});

test('make release says how to get TinyGo where there is no Debian', { skip }, () => {
  const { status, stderr } = run(machine(['sh', 'rm']), 'tools/tinygo/build.sh', './wasm', 'out.wasm');
  assert.equal(status, 1);
  assert.match(stderr, /expected a tinygo >= \d.*install TinyGo \(macOS: brew .*make dist/);
});

test('make release takes an installed TinyGo wherever it is', { skip }, () => {
  const folder = machine(['sh', 'rm', 'sed', 'sort', 'head', 'printf'], { tinygo: 'tinygo version 9.9.9 test/test (using go version go1.26 and LLVM version 20)' });
  const { status, stdout, stderr } = run(folder, 'tools/tinygo/build.sh', '--version');
  assert.equal(stderr, '');
  assert.equal(stdout, '9.9.9\n');
  assert.equal(status, 0);
});
