// Tests of the packed package in what people test and bundle with, none of it configured: in each an app is made of
// nothing but its own source, and Kakao.init runs. npm ci in npm/frameworks installs the tools.

import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { build } from 'esbuild';
import { install, npmFolder, run, succeed } from './packing.mjs';

const tools = join(npmFolder, 'frameworks');
const require = createRequire(join(tools, 'package.json'));
const bin = (name) => join(tools, 'node_modules/.bin', name);

let version;

before(async () => {
  assert.ok(existsSync(join(tools, 'node_modules')), 'the tools are not installed: make test-more');
  ({ version } = JSON.parse(await readFile(join(await install(tools), 'package.json'), 'utf8')));
}, { timeout: 120_000 });

/** Makes an app beside the tools, where it finds them as it would its own dependencies. */
async function project(t, files, beside = tools) {
  const folder = await mkdtemp(join(beside, 'app-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  for (const [name, text] of Object.entries({ 'package.json': '{"name": "app", "private": true}', ...files })) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), text);
  }
  return folder;
}

/** Runs a bundle in a page, and returns what it has put there. */
async function page(folder) {
  const { JSDOM, VirtualConsole } = require('jsdom');
  const { window } = new JSDOM('', { url: 'http://localhost:3000/', runScripts: 'outside-only', virtualConsole: new VirtualConsole() });
  const [script] = (await readdir(folder, { recursive: true })).filter((name) => /\.(js|mjs)$/.test(name));
  const code = await readFile(join(folder, script), 'utf8');
  window.eval(code.replace(/import\.meta\.(url|resolve\([^)]*\))/g, 'undefined')); // jsdom runs no modules
  const found = { version: window.version, token: window.token };
  window.close();
  return found;
}

const APP = `
  import Kakao from 'kakaowasm';
  Kakao.init('key');
  window.version = Kakao.VERSION;
  window.token = Kakao.Auth.getAccessToken();
`;
const HTML = '<!doctype html><title>app</title><script type="module" src="./app.js"></script>';

describe('tests', () => {
  const checks = `
    test('init runs', () => {
      Kakao.init('key');
      expect(Kakao.isInitialized()).toBe(true);
      expect(Kakao.Auth.getAccessToken()).toBe(null);
      Kakao.cleanup();
    });
    test('a wrong call throws', () => {
      Kakao.init('key');
      expect(() => Kakao.Auth.login(1)).toThrow();
    });`;

  test('in Jest with jsdom', async (t) => {
    const folder = await project(t, { 'kakao.test.js': `/** @jest-environment jsdom */\nconst { default: Kakao } = require('kakaowasm');\n${checks}` });
    const { status, output } = run(bin('jest'), ['--rootDir', folder], folder);
    assert.equal(status, 0, output);
    assert.match(output, /Tests: +2 passed/);
  });

  test('in Jest without a page: importing does nothing', async (t) => {
    const folder = await project(t, { 'kakao.test.js': `const Kakao = require('kakaowasm').default; test('is there', () => expect(Kakao.VERSION).toBe('${version}'));` });
    const { status, output } = run(bin('jest'), ['--rootDir', folder], folder);
    assert.equal(status, 0, output);
  });

  test('in Vitest with jsdom', async (t) => {
    const folder = await project(t, { 'kakao.test.js': `import { expect, test } from 'vitest';\nimport Kakao from 'kakaowasm';\n${checks}` });
    const { status, output } = run(bin('vitest'), ['run', '--root', folder, '--environment', 'jsdom'], folder);
    assert.equal(status, 0, output);
    assert.match(output, /2 passed/);
  });
});

describe('tests with the fake', () => {
  const greet = `
    import Kakao from 'kakaowasm';
    export async function greet() {
      if (!Kakao.isInitialized()) Kakao.init('key');
      await Kakao.Auth.login();
      const { kakao_account } = await Kakao.API.request({ url: '/v2/user/me' });
      return kakao_account.profile.nickname;
    }`;
  const checks = `
    test('greets', async () => {
      Kakao.fake.logIn({ id: 1, kakao_account: { profile: { nickname: 'Haneul' } } });
      expect(await greet()).toBe('Haneul');
      expect(Kakao.fake.calls.map(({ name }) => name)).toEqual(['init', 'Auth.login', 'API.request']);
    });`;

  test('in Jest', async (t) => {
    const folder = await project(t, {
      'greet.js': greet.replace("import Kakao from 'kakaowasm';", "const { default: Kakao } = require('kakaowasm');").replace('export async function greet', 'exports.greet = async function'),
      'greet.test.js': `jest.mock('kakaowasm', () => require('kakaowasm/testing'));\nconst { default: Kakao } = require('kakaowasm');\nconst { greet } = require('./greet.js');\n${checks}`,
    });
    const { status, output } = run(bin('jest'), ['--rootDir', folder], folder);
    assert.equal(status, 0, output);
  });

  test('in Vitest', async (t) => {
    const folder = await project(t, {
      'greet.js': greet,
      'greet.test.js': `import { expect, test, vi } from 'vitest';\nimport Kakao from 'kakaowasm';\nimport { greet } from './greet.js';\nvi.mock('kakaowasm', () => import('kakaowasm/testing'));\n${checks}`,
    });
    const { status, output } = run(bin('vitest'), ['run', '--root', folder], folder);
    assert.equal(status, 0, output);
  });
});

test('the tests of kakaowasm/react pass with React 18', async (t) => {
  const sources = (await readdir(npmFolder)).filter((name) => name.endsWith('.js') || ['testdom.mjs', 'react.test.mjs'].includes(name));
  const files = await Promise.all(sources.map(async (name) => [name, await readFile(join(npmFolder, name), 'utf8')]));
  const manifest = { 'package.json': '{"name": "app", "private": true, "type": "module"}' };
  const folder = await project(t, { ...Object.fromEntries(files), ...manifest }, join(tools, 'react-18'));
  assert.match(createRequire(join(folder, 'package.json'))('react').version, /^18\./);
  const { status, output } = run(process.execPath, ['--test', '--test-reporter=spec', 'react.test.mjs'], folder);
  assert.equal(status, 0, output);
  assert.match(output, /ℹ pass [1-9]\d/);
});

describe('bundles', () => {
  test('of Vite', async (t) => {
    const folder = await project(t, { 'index.html': HTML, 'app.js': APP });
    succeed(bin('vite'), ['build', folder, '--logLevel', 'error'], folder);
    assert.deepEqual(await page(join(folder, 'dist')), { version, token: null });
  });

  test('of webpack', async (t) => {
    const folder = await project(t, { 'src/index.js': APP });
    const webpack = require('webpack');
    const stats = await new Promise((done, fail) => {
      webpack({ mode: 'production', context: folder, output: { path: join(folder, 'dist') } }, (error, result) => (error ? fail(error) : done(result)));
    });
    assert.equal(stats.hasErrors(), false, stats.toString());
    assert.deepEqual(await page(join(folder, 'dist')), { version, token: null });
  });

  test('of Parcel, which does not look at exports', async (t) => {
    const lite = APP.replace("'kakaowasm'", "'kakaowasm/lite'").replace("Kakao.init('key');", '').replace(/window\.token.*/, 'window.token = typeof Kakao.load;');
    for (const [code, token] of [[APP, null], [lite, 'function']]) {
      const folder = await project(t, { 'index.html': HTML, 'app.js': code });
      succeed(bin('parcel'), ['build', 'index.html', '--no-cache', '--no-source-maps', '--dist-dir', 'dist'], folder);
      assert.deepEqual(await page(join(folder, 'dist')), { version, token });
    }
  });

  test('of Next.js, whose server renders the page too', async (t) => {
    const folder = await project(t, {
      'app/layout.js': 'export default function Layout({ children }) { return <html><body>{children}</body></html>; }',
      'app/page.js': `'use client';
        import { useEffect, useState } from 'react';
        import Kakao from 'kakaowasm';
        export default function Page() {
          const [version, show] = useState('none');
          useEffect(() => { Kakao.init('key'); show(Kakao.VERSION); }, []);
          return <p>{version}</p>;
        }`,
    });
    succeed(bin('next'), ['build'], folder, { NEXT_TELEMETRY_DISABLED: '1' });
    assert.match(await readFile(join(folder, '.next/server/app/index.html'), 'utf8'), /<p>none<\/p>/);
    const chunks = join(folder, '.next/static/chunks');
    const texts = await Promise.all((await readdir(chunks)).filter((name) => name.endsWith('.js')).map((name) => readFile(join(chunks, name), 'utf8')));
    assert.ok(texts.some((text) => text.includes('WebAssembly.Module')), 'no chunk holds the SDK');
  });
});

describe('servers know who is asking', () => {
  const cookie = `kakao_session_abcdefgh=${'a'.repeat(43)}`;
  const session = { userId: '7', scope: ['profile_nickname'], expiresIn: 5 };
  let address; // of what stands for a token server
  let tokenServer;

  before(async () => {
    tokenServer = createServer((request, response) => {
      const known = request.url === '/kakao/session' && request.headers.cookie === cookie;
      response.setHeader('Content-Type', 'application/json');
      response.end(JSON.stringify(known ? { authenticated: true, user_id: '7', scope: 'profile_nickname', expires_in: 5 } : { authenticated: false }));
    });
    await new Promise((resolve) => { tokenServer.listen(0, '127.0.0.1', resolve); });
    address = `http://127.0.0.1:${tokenServer.address().port}/kakao`;
  });
  after(() => {
    tokenServer.close();
    tokenServer.closeAllConnections();
  });

  const load = () => import(join(tools, 'node_modules/kakaowasm/dist/server.mjs'));
  const asked = { headers: { cookie: `theme=dark; ${cookie}` } };

  test('Hono, by c.req.raw', async () => {
    const { getSession } = await load();
    const { Hono } = require('hono');
    const app = new Hono().get('/', async (c) => c.json(await getSession(c.req.raw, { server: address })));
    assert.deepEqual(await (await app.request('/', asked)).json(), session);
    assert.equal(await (await app.request('/')).json(), null);
  });

  test('Nuxt and Nitro, by the event', async () => {
    const { getSession } = await load();
    const { createApp, eventHandler, toNodeListener } = require('h3');
    const app = createApp().use(eventHandler(async (event) => ({ session: await getSession(event, { server: address }) })));
    const server = createServer(toNodeListener(app));
    await new Promise((resolve) => { server.listen(0, '127.0.0.1', resolve); });
    try {
      const url = `http://127.0.0.1:${server.address().port}/`;
      assert.deepEqual(await (await fetch(url, asked)).json(), { session });
      assert.deepEqual(await (await fetch(url)).json(), { session: null });
    } finally {
      server.close();
      server.closeAllConnections();
    }
  });

  test('an edge runtime, with jose in the bundle', async () => {
    const { EdgeRuntime } = require('edge-runtime');
    const { outputFiles: [{ text }] } = await build({
      stdin: {
        resolveDir: tools,
        contents: `
          import { getSession, verifySessionToken } from 'kakaowasm/server';
          addEventListener('fetch', (event) => event.respondWith((async () => {
            const session = await getSession(event.request, { server: ${JSON.stringify(address)} });
            const { code } = await verifySessionToken('x', { issuer: ${JSON.stringify(address)}, audience: 'b' }).catch((error) => error);
            return Response.json({ session, code });
          })()));`,
      },
      bundle: true, format: 'iife', platform: 'browser', conditions: ['edge-light', 'worker'], write: false, logLevel: 'silent',
    });
    const runtime = new EdgeRuntime({ initialCode: text });
    const answer = await runtime.dispatchFetch('http://app.test/', asked);
    assert.deepEqual(await answer.json(), { session, code: 'invalid_token' });
  });
});
