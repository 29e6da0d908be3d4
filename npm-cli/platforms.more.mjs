// Tests of the released programs: all platforms by their headers, and the one for this machine as its users get it,
// installed from the packed tarballs into an empty project without a network and without Go.

import assert from 'node:assert/strict';
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { closeSync, existsSync, mkdtempSync, openSync, readFileSync, readSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';

const root = resolve(fileURLToPath(new URL('.', import.meta.url)), '..');
const out = join(root, 'dist/npm-cli');
const { platforms } = createRequire(import.meta.url)('./index.js');
const { version } = JSON.parse(readFileSync(join(root, 'npm-cli/package.json'), 'utf8'));
const target = `${process.platform}-${process.arch}`;
const megabytes = 1 << 20;

/** What a program may weigh; docs/releasing.md says what it does weigh. */
const LARGEST = 29 * megabytes;

const program = (name) => join(out, `cli-${name}`, name.startsWith('win32') ? 'kakaowasm.exe' : 'kakaowasm');
const tarball = (name) => join(out, `kakaowasm-${name}-${version}.tgz`);

/** The system and the processor that a program's header names: ELF, Mach-O or PE. */
function machineOf(file) {
  const head = Buffer.alloc(4096);
  const opened = openSync(file, 'r');
  readSync(opened, head, 0, head.length, 0);
  closeSync(opened);
  if (head.toString('latin1', 0, 4) === '\x7fELF') return `linux-${{ 0x3e: 'x64', 0xb7: 'arm64' }[head.readUInt16LE(18)]}`;
  if (head.readUInt32LE(0) === 0xfeedfacf) return `darwin-${{ 0x01000007: 'x64', 0x0100000c: 'arm64' }[head.readUInt32LE(4)]}`;
  if (head.toString('latin1', 0, 2) === 'MZ') return `win32-${{ 0x8664: 'x64', 0xaa64: 'arm64' }[head.readUInt16LE(head.readUInt32LE(60) + 4)]}`;
  return 'no program';
}

let app;
let path; // the environment's PATH without Go

before(() => {
  assert.ok(existsSync(join(root, 'internal/embeddedsdk/files/kakao.js')), 'there is no SDK to embed: make test-more');
  execFileSync(process.execPath, [join(root, 'npm-cli/build.mjs')], { stdio: ['ignore', 'ignore', 'inherit'] });
  app = mkdtempSync(join(tmpdir(), 'kakaowasm-program-'));
  const go = dirname(execFileSync('/bin/sh', ['-c', 'command -v go'], { encoding: 'utf8' }).trim());
  path = process.env.PATH.split(':').filter((folder) => folder !== go).join(':');
  writeFileSync(join(app, 'package.json'), '{"name": "app", "private": true}');
  const installed = run('npm', ['install', '--offline', '--no-audit', '--no-fund', '--cache', join(app, 'cache'), tarball(`cli-${target}`), tarball('cli')]);
  assert.equal(installed.status, 0, installed.stderr);
}, { timeout: 1_800_000 });

after(() => rmSync(app, { recursive: true, force: true }));

/** The environment of somebody who has set nothing. */
function env(more = {}) {
  const clean = Object.entries(process.env).filter(([name]) => !/^(npm_|NODE_|KAKAO|GO|OTEL_)/i.test(name));
  return { ...Object.fromEntries(clean), PATH: path, HOME: app, ...more };
}

function run(command, args, more) {
  return spawnSync(command, args, { cwd: app, env: env(more), encoding: 'utf8' });
}

/** Starts the program until the end of a test, and waits until it prints a line that fits. */
async function start(t, args, expected, more) {
  const child = spawn('npx', ['--no-install', 'kakaowasm', ...args], { cwd: app, env: env(more), stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  const ended = new Promise((done) => { child.once('close', done); });
  t.after(async () => {
    if (child.exitCode === null && child.signalCode === null) process.kill(-child.pid, 'SIGTERM');
    await ended;
  });
  const lines = [];
  const found = await Promise.race([
    ...[child.stdout, child.stderr].map(async (stream) => {
      for await (const line of createInterface({ input: stream })) {
        lines.push(line);
        const match = expected.exec(line);
        if (match) return match;
      }
      return new Promise(() => {}); // the other stream decides
    }),
    ended.then(() => undefined),
  ]);
  assert.ok(found, `it ended with:\n${lines.join('\n')}`);
  child.stdout.resume();
  child.stderr.resume();
  return found;
}

describe('the programs', () => {
  for (const name of platforms) {
    test(`${name} is for its machine, and not too large`, () => {
      assert.equal(machineOf(program(name)), name);
      const { size } = statSync(program(name));
      assert.ok(size < LARGEST, `${(size / megabytes).toFixed(1)} MB`);
      assert.ok(readFileSync(join(out, `cli-${name}`, 'THIRD_PARTY_LICENSES'), 'utf8').includes('github.com/spf13/cobra'));
    });
  }
});

describe('on this machine, without Go and without a network', () => {
  test('there is no Go', () => assert.ok(run('sh', ['-c', 'command -v go']).status !== 0));

  test('it tells its version', () => {
    const { stdout, stderr } = run('npx', ['--no-install', 'kakaowasm', '--version']);
    assert.equal(stdout.trim(), version, stderr);
  });

  test('emulate is a Kakao platform', async (t) => {
    const match = await start(t, ['emulate', '--addr', '127.0.0.1:0'], /(http:\/\/127\.0\.0\.1:\d+)/);
    const metadata = await (await fetch(`${match[1]}/.well-known/openid-configuration`)).json();
    assert.equal(metadata.issuer, match[1]);
  });

  test('demo serves the SDK that is inside, at an address that never changes', async (t) => {
    const match = await start(t, ['demo', '--addr', '127.0.0.1:0'], /(http:\/\/127\.0\.0\.1:\d+)/);
    const page = await (await fetch(match[1])).text();
    const [, address] = /<script src="(\/kakao\/sdk\/[^"]+-[0-9a-f]{12}\/kakao\.js)"/.exec(page) ?? [];
    const script = await fetch(new URL(address, match[1]), { headers: { 'Accept-Encoding': 'br' } });
    assert.match(script.headers.get('cache-control'), /immutable/);
    assert.equal(script.headers.get('content-encoding'), 'br'); // the release's own, not made at the start
    assert.ok((await script.text()).includes(`kakaowasm ${version} `));
  });

  test('serve runs, and serves the SDK that is inside', async (t) => {
    const more = { KAKAO_REST_API_KEY: '1'.repeat(32), KAKAO_JAVASCRIPT_KEY: '2'.repeat(32), KAKAOWASM_PUBLIC_URL: 'http://127.0.0.1:8480/kakao' };
    const match = await start(t, ['serve', '--store', 'memory', '--addr', '127.0.0.1:0', '--auth-origin', 'http://127.0.0.1:9', '--drain-delay', '0s'], /"address":"([^"]+)"/, more);
    const integrity = await (await fetch(`http://${match[1]}/kakao/sdk/integrity.json`)).json();
    assert.equal(integrity.version, version);
    assert.ok(integrity.files['kakao.js'].startsWith('sha384-'));
  });

  test('doctor examines a setup', () => {
    const { status, stdout } = run('npx', ['--no-install', 'kakaowasm', 'doctor', '--json', '--rest-api-key', '1'.repeat(32), '--auth-origin', 'http://127.0.0.1:9']);
    assert.equal(status, 1); // nobody listens there
    assert.ok(JSON.parse(stdout));
  });

  test('a wrong call exits with 2, as the program itself does', () => {
    assert.equal(run('npx', ['--no-install', 'kakaowasm', 'serve', '--no-such-option']).status, 2);
  });
});
