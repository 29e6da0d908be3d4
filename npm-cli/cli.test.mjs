// Tests of the package of the program as its users get it: packed and installed into an empty project without a
// network. The program in it is a small one that tells what it was called with; platforms.more.mjs has the real ones.

import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { transform } from 'esbuild';
import { BUILD_FLAGS, packMain, packPlatform } from './build.mjs';

const here = fileURLToPath(new URL('.', import.meta.url));
const root = resolve(here, '..');
const read = (path) => readFileSync(join(root, path), 'utf8');
const manifest = JSON.parse(read('npm-cli/package.json'));
const target = `${process.platform}-${process.arch}`;

let work; // a temporary folder outside the repository
let app; // a project in it that has installed the package

/** Runs a command without the settings that an npm around us leaves in the environment. */
function run(command, args, cwd = app, extra = {}) {
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(npm_|NODE_|KAKAOWASM_)/i.test(name)));
  return spawnSync(command, args, { cwd, env: { ...env, ...extra }, encoding: 'utf8' });
}

function install(folder, ...tarballs) {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{"name": "app", "private": true}');
  const { status, stderr } = run('npm', ['install', '--offline', '--no-audit', '--no-fund', '--cache', join(work, 'cache'), ...tarballs], folder);
  assert.equal(status, 0, stderr);
}

before(() => {
  work = mkdtempSync(join(tmpdir(), 'kakaowasm-cli-'));
  const program = join(work, 'program');
  writeFileSync(program, `#!/usr/bin/env node
if (process.argv[2] === 'wait') {
  process.on('SIGTERM', () => { console.log('ended'); process.exit(3); });
  setInterval(() => {}, 1000);
  console.log('ready');
} else {
  console.log(JSON.stringify(process.argv.slice(2)));
  process.exit(7);
}
`);
  chmodSync(program, 0o755);
  app = join(work, 'app');
  install(app, packPlatform(target, program, work), packMain(work));
});

after(() => rmSync(work, { recursive: true, force: true }));

describe('the installed package', () => {
  test('runs the program with its arguments, and ends with its exit code', () => {
    const { status, stdout } = run('npx', ['--no-install', 'kakaowasm', 'emulate', '--addr', 'a b']);
    assert.equal(stdout.trim(), '["emulate","--addr","a b"]');
    assert.equal(status, 7);
  });

  test('passes a signal on, and waits for the program to end by itself', async () => {
    const child = spawn(process.execPath, ['node_modules/@kakaowasm/cli/bin/kakaowasm.js', 'wait'], { cwd: app, stdio: ['ignore', 'pipe', 'inherit'] });
    let printed = '';
    child.stdout.setEncoding('utf8').on('data', (text) => {
      printed += text;
      if (text.includes('ready')) child.kill('SIGTERM');
    });
    const code = await new Promise((done) => { child.once('close', done); });
    assert.equal(printed, 'ready\nended\n');
    assert.equal(code, 3);
  });

  test('moves pages over by itself, without the program', () => {
    const folder = join(work, 'site');
    mkdirSync(folder);
    writeFileSync(join(folder, 'index.html'), '<script src="https://t1.kakaocdn.net/kakao_js_sdk/2.8.1/kakao.min.js"></script>');
    const { status, stdout, stderr } = run('npx', ['--no-install', 'kakaowasm', 'migrate', folder, '--write'], app, { LC_ALL: 'C', KAKAOWASM_BINARY: '/no/such/program' });
    assert.equal(status, 0, stderr);
    assert.match(stdout, /^1 file changed:\n {2}index\.html\n/);
    assert.equal(readFileSync(join(folder, 'index.html'), 'utf8'), `<script src="/kakao/sdk/${manifest.version}/kakao.js" data-server="/kakao"></script>`);
    assert.equal(run('npx', ['--no-install', 'kakaowasm', 'migrate'], app).status, 2);
  });

  test('gives the path of the program by require and by import', () => {
    const expected = join(app, 'node_modules/@kakaowasm', `cli-${target}`, 'kakaowasm');
    const required = run(process.execPath, ['-p', 'require("@kakaowasm/cli").binaryPath()']);
    assert.equal(required.stdout.trim(), expected, required.stderr);
    const imported = run(process.execPath, ['--input-type=module', '-e', 'import { binaryPath } from "@kakaowasm/cli"; console.log(binaryPath());']);
    assert.equal(imported.stdout.trim(), expected, imported.stderr);
  });

  test('has types', () => {
    writeFileSync(join(app, 'app.mts'), `
      import { binaryPath, platforms, type BinaryError } from '@kakaowasm/cli';
      const path: string = binaryPath({ platform: 'linux', arch: 'x64' });
      const code = (error: BinaryError): 'no_binary' | 'version_mismatch' => error.code;
      // @ts-expect-error: the types are found, and are not any
      const wrong: number = platforms;
      export { path, code, wrong };
    `);
    const { status, stdout } = run(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '--noEmit', '--strict', '--module', 'nodenext', 'app.mts']);
    assert.equal(status, 0, stdout);
  });

  test('runs nothing when it is installed', () => {
    for (const name of ['cli', `cli-${target}`]) {
      const installed = JSON.parse(readFileSync(join(app, 'node_modules/@kakaowasm', name, 'package.json'), 'utf8'));
      assert.equal(installed.scripts, undefined);
      assert.equal(installed.dependencies, undefined);
    }
  });

  test('asks for the platforms of its own version only', () => {
    const { optionalDependencies } = JSON.parse(readFileSync(join(app, 'node_modules/@kakaowasm/cli/package.json'), 'utf8'));
    const { platforms } = createRequire(import.meta.url)('./index.js');
    assert.deepEqual(optionalDependencies, Object.fromEntries(platforms.map((name) => [`@kakaowasm/cli-${name}`, manifest.version])));
  });
});

describe('where the program cannot be run, one sentence says what to do', () => {
  /** What the bin says, which is all that it prints. */
  function complaint(folder, env, preload = []) {
    const { status, stdout, stderr } = run(process.execPath, [...preload, 'node_modules/@kakaowasm/cli/bin/kakaowasm.js', 'serve'], folder, env);
    assert.equal(status, 1);
    assert.equal(stdout, '');
    assert.match(stderr, /^kakaowasm: .+\n$/);
    return stderr;
  }

  /** A script that is loaded first, and changes what process says. */
  function pretend(name, code) {
    writeFileSync(join(work, `${name}.cjs`), code);
    return ['--require', join(work, `${name}.cjs`)];
  }

  test('on another platform', () => {
    const preload = pretend('freebsd', 'Object.defineProperty(process, "platform", { value: "freebsd" });');
    assert.match(complaint(app, {}, preload), /no program for freebsd-.*KAKAOWASM_BINARY/);
  });

  test('with an old Node.js', () => {
    const preload = pretend('old', 'Object.defineProperty(process, "versions", { value: { node: "16.20.0" } });');
    assert.match(complaint(app, {}, preload), /expected Node\.js 18 or newer, this is 16\.20\.0; install/);
  });

  test('without the optional dependency', () => {
    const folder = join(work, 'without');
    install(folder, '--omit=optional', join(work, `kakaowasm-cli-${manifest.version}.tgz`));
    assert.match(complaint(folder), new RegExp(`@kakaowasm/cli-${target} is not installed; install again without --omit=optional`));
  });

  test('in a broken installation, and with a package of another version', () => {
    const folder = join(work, 'broken');
    install(folder, ...[`cli-${target}`, 'cli'].map((name) => join(work, `kakaowasm-${name}-${manifest.version}.tgz`)));
    const platform = join(folder, 'node_modules/@kakaowasm', `cli-${target}`);
    rmSync(join(platform, 'kakaowasm'));
    assert.match(complaint(folder), /is missing.*npm install --force @kakaowasm\/cli/);
    writeFileSync(join(platform, 'package.json'), '{"name": "x", "version": "9.9.9"}');
    assert.match(complaint(folder), /found @kakaowasm\/cli-\S+ 9\.9\.9; install both again/);
  });

  test('with a variable that names no file, or no program', () => {
    assert.match(complaint(app, { KAKAOWASM_BINARY: '/no/such/program' }), /KAKAOWASM_BINARY names \/no\/such\/program.*unset it/);
    assert.match(complaint(app, { KAKAOWASM_BINARY: join(app, 'package.json') }), /cannot be run \(EACCES\)/);
  });
});

test('the bin can be read by the oldest Node.js', () => transform(read('npm-cli/bin/kakaowasm.js'), { target: 'es5' }));

test('goreleaser builds the program with the same flags', () => {
  const config = read('.goreleaser.yaml');
  for (const flag of BUILD_FLAGS.flatMap((text) => text.replace('-ldflags=', '').split(' ').length > 1 ? text.replace('-ldflags=', '') : text)) {
    assert.ok(config.includes(flag), flag);
  }
  assert.match(config, /CGO_ENABLED=0/);
});
