// Tests of the npm package as its users get it: packed, installed into an empty project, imported,
// bundled and type-checked. Needs a build in dist/release or dist/go; SDK names another folder.

import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import vm from 'node:vm';
import { build } from 'esbuild';
import { npmFolder, offline, pack, root, run, succeed } from './packing.mjs';

const tsc = join(root, 'node_modules/typescript/bin/tsc');
const manifest = JSON.parse(await readFile(join(npmFolder, 'package.json'), 'utf8'));

let work; // a temporary folder outside the repository, so that nothing is found by accident
let app; // a project in it that has installed the package
let tarball; // the package
let packed; // the paths in it

/** The folders that stand for entries where a resolver does not know exports: Parcel by default, TypeScript's node10. */
const stubs = ['kakao.wasm', 'lite', 'react', 'script', 'server', 'svelte', 'testing', 'vue'];

/** The files that exports name, whatever the conditions. */
const targets = (value) => (typeof value === 'string' ? [value] : Object.values(value).flatMap(targets));

/** Runs the text of an ES module in the project, and returns what it printed as JSON. */
function runModule(text) {
  return JSON.parse(succeed(process.execPath, ['--no-warnings', '--input-type=module', '--eval', text], app));
}

before(async () => {
  work = await mkdtemp(join(tmpdir(), 'kakaowasm-pack-'));
  app = join(work, 'app');
  await mkdir(app);
  ({ tarball, paths: packed } = await pack(work));
  await writeFile(join(app, 'package.json'), '{"name": "app", "private": true}');
  succeed('npm', ['install', tarball, ...offline(work)], app);
}, { timeout: 60_000 });

after(() => work && rm(work, { recursive: true, force: true }));

describe('the tarball', () => {
  test('holds exactly the files of the package', () => {
    const entrances = ['react', 'server', 'svelte', 'testing', 'vue'];
    const scripts = ['kakao.cjs', 'kakao.js', 'kakao.lite.cjs', 'kakao.lite.mjs', 'kakao.mjs', ...entrances.flatMap((name) => [`${name}.cjs`, `${name}.mjs`])];
    const types = ['entrance.d.ts', 'index.d.mts', 'index.d.ts', 'kakao.d.ts', 'wasm.d.ts', ...entrances.flatMap((name) => [`${name}.d.mts`, `${name}.d.ts`])];
    assert.deepEqual(packed.filter((path) => path !== 'LICENSE'), [
      'README.md', 'package.json',
      ...['kakao.wasm', 'package.json', ...types].map((name) => `dist/${name}`),
      ...scripts.flatMap((name) => [`dist/${name}`, `dist/${name}.map`]),
      ...stubs.map((name) => `${name}/package.json`),
    ].sort());
  });

  test('runs nothing when it is installed, and needs no other package but that of an entrance', () => {
    assert.deepEqual(Object.keys(manifest.scripts), ['prepare']); // for those who pack it
    for (const kind of ['dependencies', 'optionalDependencies']) assert.equal(manifest[kind], undefined);
    assert.deepEqual(manifest.peerDependencies, { jose: '>=6', react: '>=18', vue: '>=3.5' });
    assert.deepEqual(manifest.peerDependenciesMeta, { jose: { optional: true }, react: { optional: true }, vue: { optional: true } });
    for (const name of ['jose', 'react', 'vue']) assert.ok(!existsSync(join(app, 'node_modules', name)), `npm install brought ${name} along`);
  });

  test('has every file that its package.json names', () => {
    const named = [
      ...['main', 'module', 'types', 'unpkg', 'jsdelivr'].map((field) => manifest[field]),
      ...manifest.sideEffects,
      ...targets(manifest.exports),
    ];
    for (const path of named) assert.ok(packed.includes(path.replace(/^\.\//, '')), path);
  });

  for (const name of stubs) {
    test(`leads resolvers without exports to ${name}`, async () => {
      const stub = JSON.parse(await readFile(join(npmFolder, name, 'package.json'), 'utf8'));
      for (const field of ['main', 'module', 'types']) {
        if (stub[field]) assert.ok(packed.includes(join(name, stub[field])), `${field}: ${stub[field]}`);
      }
      assert.ok(targets(manifest.exports[`./${name}`]).includes(`./${join(name, stub.main)}`));
    });
  }

  test('has nothing that publint finds', () => {
    assert.match(succeed(process.execPath, [join(root, 'node_modules/publint/src/cli.js'), 'run', '--strict', tarball], app), /All good!/);
  });

  test('has types that attw finds right in every resolution', () => {
    const attw = join(root, 'node_modules/@arethetypeswrong/cli/dist/index.js');
    assert.match(succeed(process.execPath, [attw, '--no-emoji', tarball], app), /No problems found/);
  });
});

describe('the folder without a build', () => {
  for (const [name, args] of Object.entries({ 'npm install': ['install'], 'npm pack': ['pack', '--dry-run'] })) {
    test(`says to ${name} that a build is missing`, async () => {
      const folder = join(work, 'unbuilt');
      await cp(npmFolder, folder, { recursive: true, filter: (path) => !/\/(dist|node_modules|frameworks)$/.test(path) });
      const project = join(work, 'unbuilt-app');
      await mkdir(project, { recursive: true });
      await writeFile(join(project, 'package.json'), '{"name": "app", "private": true}');
      const { status, output } = run('npm', [...args, folder, ...offline(work)], project);
      assert.notEqual(status, 0);
      assert.match(output, /kakaowasm: there is no build in npm\/dist; run "make release" in \S+ first/);
    });
  }
});

describe('in Node.js', () => {
  test('every export resolves', () => {
    const names = Object.keys(manifest.exports).map((path) => join(manifest.name, path));
    const resolved = runModule(`console.log(JSON.stringify(${JSON.stringify(names)}.map((name) => import.meta.resolve(name))))`);
    for (const url of resolved) assert.ok(existsSync(fileURLToPath(url)), url);
  });

  test('nothing else can be imported', () => {
    const codes = runModule(`
      const codes = [];
      for (const name of ['kakaowasm/index.js', 'kakaowasm/dist/kakao.mjs', 'kakaowasm/build.mjs']) {
        await import(name).catch(({ code }) => codes.push(code));
      }
      console.log(JSON.stringify(codes));`);
    assert.deepEqual(codes, Array(3).fill('ERR_PACKAGE_PATH_NOT_EXPORTED'));
  });

  for (const name of ['kakaowasm', 'kakaowasm/lite']) {
    test(`importing ${name} on a server asks for a window alone, and starts nothing`, () => {
      const found = runModule(`
        const touched = [];
        const browser = ['window', 'self', 'document', 'navigator', 'location', 'history', 'localStorage', 'sessionStorage',
          'customElements', 'Element', 'BroadcastChannel', 'addEventListener', 'fetch', 'crypto'];
        for (const name of browser) {
          Object.defineProperty(globalThis, name, { configurable: true, get() { touched.push(name); } });
        }
        for (const name of ['Module', 'Instance', 'compile', 'instantiate']) {
          Object.defineProperty(WebAssembly, name, { get() { touched.push('WebAssembly.' + name); } });
        }
        const before = Object.getOwnPropertyNames(globalThis).length;
        const { Kakao, default: byDefault } = await import('${name}');
        console.log(JSON.stringify({
          touched: [...new Set(touched)], added: Object.getOwnPropertyNames(globalThis).length - before, same: Kakao === byDefault,
          version: Kakao.VERSION, initialized: Kakao.isInitialized(), load: typeof Kakao.load,
        }));`);
      const load = name === 'kakaowasm' ? found.load : 'function';
      assert.deepEqual(found, { touched: ['window'], added: 0, same: true, version: manifest.version, initialized: false, load });
    });
  }

  /** Runs the text of a CommonJS module in the project, and returns what it printed as JSON. */
  const runCommonJS = (text) => JSON.parse(succeed(process.execPath, ['--no-warnings', '--input-type=commonjs', '--eval', text], app));

  for (const name of ['kakaowasm', 'kakaowasm/lite']) {
    test(`require gives the exports of ${name}`, () => {
      const found = runCommonJS(`const { Kakao, default: byDefault } = require('${name}'); console.log(JSON.stringify([Kakao.VERSION, Kakao === byDefault]))`);
      assert.deepEqual(found, [manifest.version, true]);
    });
  }

  test('require gives the object of the script, and leaves no global', () => {
    const found = runCommonJS(`
      global.window = {};
      const Kakao = require('kakaowasm/script');
      console.log(JSON.stringify([Kakao.VERSION, Kakao.__esModule, Kakao === Kakao.default, Object.keys(window), Object.keys(Kakao)]));`);
    assert.deepEqual(found, [manifest.version, true, true, [], ['VERSION', 'init', 'isInitialized', 'cleanup']]);
  });

  test('the script and both modules are one SDK', () => {
    const found = runCommonJS(`
      global.window = {};
      const one = require('kakaowasm/script');
      const two = require('kakaowasm').Kakao;
      import('kakaowasm').then(({ Kakao: three }) => {
        console.log(JSON.stringify([one, two, three].map((Kakao) => Kakao.init === one.init && Kakao.__esModule)));
      });`);
    assert.deepEqual(found, [true, true, true]);
  });

  test('init without a window says so', () => {
    const found = runModule(`
      import Kakao from 'kakaowasm';
      try { Kakao.init('key'); } catch ({ name, code, hint }) { console.log(JSON.stringify({ name, code, hint })); }`);
    assert.deepEqual(found, { name: 'KakaoError', code: 'no_window', hint: "call it in the browser's page, not on a server or in a worker" });
  });

  for (const [name, start] of Object.entries({
    import: ['--input-type=module', '--eval', 'import Kakao from "kakaowasm"; Kakao.init("key");'],
    require: ['--input-type=commonjs', '--eval', 'require("kakaowasm").Kakao.init("key");'],
  })) {
    test(`an error that nobody catches prints a few lines after ${name}, and none of the wasm`, () => {
      const { status, output } = run(process.execPath, start, app);
      assert.notEqual(status, 0);
      assert.match(output, /Error/);
      assert.ok(output.length < 4000, `${output.length} characters`);
    });

    test(`the stack of an error names the shim's own files after ${name}`, () => {
      const { output } = run(process.execPath, ['--enable-source-maps', ...start], app);
      assert.match(output, /kakaowasm\/kakao\.js:\d+/);
    });
  }

  test('lite refuses the wasm of another version', () => {
    const foreign = manifest.version.replace(/\d/g, '9');
    const found = runModule(`
      import { readFileSync } from 'node:fs';
      import Kakao from 'kakaowasm/lite';
      const wasm = readFileSync('node_modules/kakaowasm/dist/kakao.wasm');
      const address = (bytes) => 'data:application/wasm;base64,' + bytes.toString('base64');
      const other = Buffer.concat([wasm.subarray(0, -${foreign.length}), Buffer.from('${foreign}')]);
      const refused = await Kakao.load({ wasmUrl: address(other) }).catch(({ code, message, hint }) => ({ code, message, hint }));
      const loaded = await Kakao.load({ wasmUrl: address(wasm) });
      console.log(JSON.stringify({ refused, loaded: loaded === Kakao }));`);
    assert.equal(found.refused.code, 'not_loaded');
    assert.ok(found.refused.message.endsWith(`is of ${foreign}, and this script of ${manifest.version}`));
    assert.equal(found.refused.hint, 'take both files from one build');
    assert.equal(found.loaded, true);
  });
});

describe('the script', () => {
  /** Runs the script in a page with these globals. */
  async function run(globals) {
    const page = { TextDecoder, TextEncoder, setTimeout, ...globals };
    page.window = page;
    const script = await readFile(join(app, 'node_modules/kakaowasm/dist/kakao.js'), 'utf8');
    vm.runInNewContext(script.replace(/^\ufeff/, ''), page);
    return page;
  }

  test('fills the exports of a CommonJS module, and leaves no global', async () => {
    const exports = {};
    const page = await run({ exports, module: { exports } });
    assert.equal(exports.VERSION, manifest.version);
    assert.equal(exports.__esModule, true);
    assert.ok(!('Kakao' in page));
  });

  for (const [name, { atOnce }] of Object.entries({
    'later, as module loaders do, and leaves no global': { atOnce: false },
    'at once, and is the global as well': { atOnce: true },
  })) {
    test(`defines an AMD module that is made ${name}`, async () => {
      const defined = [];
      const exported = {};
      const define = (...args) => {
        defined.push(args);
        if (atOnce) args[1](exported);
      };
      define.amd = {};
      const page = await run({ define });
      const [[dependencies, factory]] = defined;
      assert.deepEqual([...dependencies], ['exports']);
      assert.equal(factory.length, 1);
      if (!atOnce) factory(exported);
      assert.equal(exported.VERSION, manifest.version);
      assert.equal('Kakao' in page, atOnce);
      if (atOnce) assert.equal(page.Kakao.init, exported.init);
    });
  }

  test('completes what is there, and calls kakaoAsyncInit later', async () => {
    const called = new Promise((resolve) => {
      run({ Kakao: { Share: 'theirs' }, kakaoAsyncInit: (...args) => resolve(args) }).then(({ Kakao }) => {
        assert.equal(Kakao.Share, 'theirs');
        assert.equal(typeof Kakao.init, 'function');
      });
    });
    assert.deepEqual(await called, []);
  });

  test('does no harm in Node.js, where there is no window', () => {
    const script = join(app, 'node_modules/kakaowasm/dist/kakao.js');
    succeed(process.execPath, ['--input-type=module', '--eval', `await import(${JSON.stringify(script)})`], app);
  });
});

describe('the entrances for frameworks', () => {
  let page; // a project that has the frameworks, too

  before(async () => {
    page = join(work, 'page');
    await mkdir(join(page, 'node_modules/@types'), { recursive: true });
    await cp(join(app, 'node_modules/kakaowasm'), join(page, 'node_modules/kakaowasm'), { recursive: true });
    for (const name of ['react', 'react-dom', 'vue', '@types/react', '@types/node']) await symlink(join(root, 'node_modules', name), join(page, 'node_modules', name));
  });

  const react = `
    const App = () => createElement('p', null, useKakaoUser().status, createElement(LoginButton));
    console.log(renderToString(createElement(KakaoProvider, { appKey: 'key' }, createElement(App))));`;
  const html = /^<p>loading<button type="button" aria-busy="false" style="[^"]*background:#fee500/;

  test('react renders on a server, as an ES module', () => assert.match(succeed(process.execPath, ['--input-type=module', '--eval', `
    import { createElement } from 'react';
    import { renderToString } from 'react-dom/server';
    import { KakaoProvider, LoginButton, useKakaoUser } from 'kakaowasm/react';${react}`], page), html));

  test('react renders on a server, by require', () => assert.match(succeed(process.execPath, ['--input-type=commonjs', '--eval', `
    const { createElement } = require('react');
    const { renderToString } = require('react-dom/server');
    const { KakaoProvider, LoginButton, useKakaoUser } = require('kakaowasm/react');${react}`], page), html));

  const built = (name) => readFile(join(page, 'node_modules/kakaowasm/dist', name), 'utf8');

  test('react says that it is for the client', async () => {
    for (const name of ['react.mjs', 'react.cjs']) assert.match(await built(name), /^\/\*![^*]*\*\/\n"use client";/);
  });

  test('hold no second SDK', async () => {
    for (const name of ['react', 'vue', 'svelte'].flatMap((entrance) => [`${entrance}.mjs`, `${entrance}.cjs`])) {
      const code = await built(name);
      assert.ok(code.length < 8 * 1024, `${name}: ${code.length} bytes`);
      assert.match(code, /(from|require\()"kakaowasm"/);
    }
  });

  test('vue renders on a server, by import and by require', () => {
    const app = `createSSRApp({ render: () => h(LoginButton) }).use(createKakao({ appKey: 'key' }))`;
    const html = /^<button type="button" aria-busy="false" style="[^"]*background:#fee500/;
    assert.match(succeed(process.execPath, ['--input-type=module', '--eval', `
      import { createSSRApp, h } from 'vue';
      import { renderToString } from 'vue/server-renderer';
      import { createKakao, LoginButton } from 'kakaowasm/vue';
      console.log(await renderToString(${app}));`], page), html);
    assert.match(succeed(process.execPath, ['--input-type=commonjs', '--eval', `
      const { createSSRApp, h } = require('vue');
      const { createKakao, LoginButton } = require('kakaowasm/vue');
      require('vue/server-renderer').renderToString(${app}).then(console.log);`], page), html);
  });

  const others = `
    import { createApp, h } from 'vue';
    import { createKakao, LoginButton, useKakao, useKakaoUser } from 'kakaowasm/vue';
    import { createKakao as createStore } from 'kakaowasm/svelte';
    import fake from 'kakaowasm/testing';
    createApp({
      setup() {
        const { status, user, error, login, logout } = useKakaoUser();
        const { Kakao, ready } = useKakao();
        const name: string | undefined = user.value?.kakao_account?.profile?.nickname;
        // @ts-expect-error: no such status
        status.value === 'connected';
        return () => [h(LoginButton, { settings: { scope: 'openid' }, lang: 'en', size: 'large' }), h('button', { onClick: () => login() }, name), h('i', { onClick: logout }, error.value?.hint), ready.value && Kakao.VERSION];
      },
    }).use(createKakao({ appKey: 'key', Kakao: fake }));
    const store = createStore({ appKey: 'key', server: '/kakao' });
    export const stop: () => void = store.subscribe(({ status, user }) => status === 'signed-in' && user?.id);
    // @ts-expect-error: the app key is missing
    createStore({});`;

  const server = `
    import { createServer } from 'node:http';
    import { getSession, KakaoServerError, verifySessionToken } from 'kakaowasm/server';
    declare const cookies: () => Promise<{ getAll(): { name: string; value: string }[]; get(name: string): { value: string } | undefined; has(name: string): boolean }>;
    createServer(async (request) => {
      const session = await getSession(request, { server: new URL('http://127.0.0.1:8480/kakao'), timeout: 1000 });
      const id: string | null | undefined = session?.userId;
      await getSession(new Request('https://a.test'), { server: 'http://a.test/kakao' });
      await getSession(new Headers(), { server: 'http://a.test/kakao' });
      await getSession(cookies(), { server: 'http://a.test/kakao' });
      // @ts-expect-error: the address of the token server is missing
      await getSession(request, {});
      // @ts-expect-error: no request
      await getSession('cookie', { server: 'http://a.test/kakao' });
      const { userId, expiresAt } = await verifySessionToken(request, { issuer: 'https://a.test/kakao', audience: 'b' });
      // @ts-expect-error: without an audience any token counts
      await verifySessionToken('token', { issuer: 'https://a.test/kakao' }).catch((error) => error instanceof KakaoServerError && error.status);
      return [id, userId.length, expiresAt.getTime()];
    });`;

  const program = `
    import { KakaoProvider, LoginButton, useKakao, useKakaoUser, type KakaoFailure } from 'kakaowasm/react';
    import fake from 'kakaowasm/testing';
    export function Page() {
      const { status, user, pending, error, login, logout, reload } = useKakaoUser();
      const { Kakao, ready } = useKakao();
      const name: string | undefined = user?.kakao_account?.profile?.nickname;
      const failure: KakaoFailure | null = error;
      const known: boolean = status === 'signed-in' && ready && pending;
      // @ts-expect-error: no such status
      status === 'connected';
      return <KakaoProvider appKey="key" server="/kakao" Kakao={fake} success={({ access_token }) => access_token.length}>
        <button onClick={() => login({ scope: 'openid' }).then(({ id_token }) => id_token)}>{name}</button>
        <button onClick={logout}>{failure?.hint}{String(known)}{Kakao.VERSION}</button>
        <button onClick={reload} />
        <LoginButton ref={(element) => { element?.focus(); }} settings={{ scope: 'openid' }} lang="en" size="large" className="wide" disabled>x</LoginButton>
        {/* @ts-expect-error: the app key is missing */}
        <KakaoProvider />
      </KakaoProvider>;
    }`;
  for (const [name, flags] of Object.entries({
    import: ['--input-type=module', '--eval', `import { verifySessionToken } from 'kakaowasm/server'; verifySessionToken('x', { issuer: 'https://a.test/kakao', audience: 'b' }).catch((error) => console.log(error.message));`],
    require: ['--input-type=commonjs', '--eval', `require('kakaowasm/server').verifySessionToken('x', { issuer: 'https://a.test/kakao', audience: 'b' }).catch((error) => console.log(error.message));`],
  })) {
    test(`server without jose says what to install, by ${name}`, () => {
      assert.equal(succeed(process.execPath, flags, app), 'verifySessionToken needs the package jose; npm install jose\n');
    });
  }

  test('server takes nothing of Node.js: it is bundled for an edge runtime', async () => {
    const { warnings, outputFiles: [{ text }] } = await build({
      stdin: { contents: "export { getSession } from 'kakaowasm/server';", resolveDir: page }, bundle: true, platform: 'neutral', format: 'esm',
      minify: true, external: ['jose'], write: false, logLevel: 'silent',
    });
    assert.deepEqual(warnings, []);
    assert.doesNotMatch(text, /node:|require|process|jose/);
  });

  // In one resolution: that the types are found in every one is what attw says.
  test('the types are right', async () => {
    await writeFile(join(page, 'page.tsx'), program);
    await writeFile(join(page, 'server.mts'), server);
    await writeFile(join(page, 'others.mts'), others);
    succeed(process.execPath, [
      tsc, '--noEmit', '--strict', '--exactOptionalPropertyTypes', '--target', 'es2022', '--module', 'nodenext', '--jsx', 'react-jsx', 'page.tsx', 'server.mts', 'others.mts', '--lib', 'es2022,dom,dom.iterable',
    ], page);
  });
});

describe('in a bundle', () => {
  /** Bundles an app for the browser; warnings are failures. */
  async function bundle(code, options) {
    await writeFile(join(app, 'app.js'), code);
    const { warnings, outputFiles } = await build({
      absWorkingDir: app, entryPoints: ['app.js'], bundle: true, minify: true, platform: 'browser', write: false,
      logLevel: 'silent', ...options,
    });
    assert.deepEqual(warnings, []);
    return outputFiles[0].text;
  }

  const version = async (code, options) => {
    const page = { TextDecoder, TextEncoder };
    vm.runInNewContext(await bundle(code, { format: 'iife', ...options }), page);
    return page.version;
  };

  test('import works', async () => {
    assert.equal(await version('import Kakao from "kakaowasm"; globalThis.version = Kakao.VERSION;'), manifest.version);
    assert.equal(await version('import { Kakao } from "kakaowasm"; globalThis.version = Kakao.VERSION;'), manifest.version);
  });

  test('require works', async () => {
    assert.equal(await version('globalThis.version = require("kakaowasm").Kakao.VERSION;'), manifest.version);
  });

  test('the wasm survives the escaping of a bundler that writes ASCII', async () => {
    const code = await bundle('import Kakao from "kakaowasm"; Kakao.init("key");', { charset: 'ascii', format: 'esm' });
    const page = { TextDecoder, TextEncoder, window: {}, document: {}, location: { origin: 'https://a.test' }, wasm: undefined };
    const { Memory, Module, Instance, CompileError } = WebAssembly;
    page.WebAssembly = {
      Memory, Instance, CompileError,
      Module: function (bytes) {
        if (bytes.length < 1024) return new Module(bytes); // the decoder
        page.wasm = bytes;
        throw new Error('enough');
      },
    };
    assert.throws(() => vm.runInNewContext(code, page), /enough/);
    const original = await readFile(join(app, 'node_modules/kakaowasm/dist/kakao.wasm'));
    assert.ok(original.equals(Buffer.from(page.wasm)));
  });

  test('lite works in an ES module, and does not bring the wasm', async () => {
    const code = await bundle('import Kakao from "kakaowasm/lite"; globalThis.version = Kakao.VERSION;', { format: 'esm' });
    assert.ok(code.length < 64 * 1024, `${code.length} bytes`);
  });

  test('an import that is not used costs nothing', async () => {
    const code = await bundle('import Kakao from "kakaowasm"; globalThis.version = "none";', { format: 'esm' });
    assert.doesNotMatch(code, /WebAssembly/);
  });

  test('the script-tag file is kept for its side effects', async () => {
    assert.match(await bundle('import "kakaowasm/script";'), /currentScript/);
  });
});

describe('in TypeScript', () => {
  const program = `
    import Kakao, { Kakao as named, type UserResponse } from 'kakaowasm';
    import lite from 'kakaowasm/lite';
    const version: string = Kakao.VERSION + named.VERSION;
    const user: Promise<UserResponse> = Kakao.API.request({ url: '/v2/user/me' });
    const loaded: Promise<unknown> = lite.load({ wasmUrl: '/kakao.wasm' });
    const fail = (error: Kakao.Auth.AuthError): string => error.error;
    window.addEventListener('kakao:token', ({ detail }) => detail.status);
    // @ts-expect-error: the types are found, and are not any
    const wrong: number = Kakao.VERSION;
    // @ts-expect-error: those of lite too
    const wrongToo: number = lite.VERSION;
    export { version, user, loaded, fail, wrong, wrongToo };
  `;

  /** Type-checks one file under strict options, declarations of packages included. */
  async function check(name, code, ...options) {
    await writeFile(join(app, name), code);
    return run(process.execPath, [tsc, '--noEmit', '--strict', '--target', 'es2022', ...options, name], app);
  }

  async function compiles(...args) {
    const { status, output } = await check(...args);
    assert.equal(status, 0, output);
  }

  const resolutions = {
    bundler: ['--module', 'esnext', '--moduleResolution', 'bundler'],
    node16: ['--module', 'node16', '--moduleResolution', 'node16'],
    nodenext: ['--module', 'nodenext', '--moduleResolution', 'nodenext'],
  };
  for (const [name, options] of Object.entries(resolutions)) {
    test(`the types are found under moduleResolution ${name}`, () => compiles('app.mts', program, ...options));
  }

  test('the types are found under moduleResolution node10', () => compiles(
    'old.ts', program, '--module', 'commonjs', '--moduleResolution', 'node10', '--esModuleInterop',
  ));

  for (const [name, options] of Object.entries(resolutions)) {
    test(`the fake has the types of the real Kakao under moduleResolution ${name}`, () => compiles('fake.mts', `
      import type { Kakao } from 'kakaowasm';
      import fake, { createFakeKakao } from 'kakaowasm/testing';
      const real: Kakao = fake;
      const other = createFakeKakao({ user: { id: 2 } });
      other.fake.fail('Auth.login', { error: 'popup_closed' });
      other.fake.answer('/v1/api/talk/profile', { nickName: 'x' });
      other.fake.answer('/v2/user/me', ({ url }) => ({ id: url.length }));
      // @ts-expect-error: no such address
      other.fake.answer('/v1/nowhere', {});
      // @ts-expect-error: an answer of another address
      other.fake.answer('/v2/user/me', { nickName: 'x' });
      export { real };
    `, ...options));
  }

  test('import and require give the same types in one program', () => compiles('both.mts', `
    import Kakao, { type AuthError } from 'kakaowasm';
    import required = require('kakaowasm');
    const one: required.Kakao = Kakao;
    const error: AuthError = { error: 'x' } satisfies required.AuthError;
    export { one, error };
  `, ...resolutions.nodenext));

  test('kakao.wasm and the script have types', () => compiles('assets.mts', `
    import 'kakaowasm/script';
    import address from 'kakaowasm/kakao.wasm';
    const url: string = address;
    export { url };
  `, ...resolutions.bundler));

  test('the types are found by require under nodenext', () => compiles('app.cts', program, ...resolutions.nodenext));

  test('they compile in a project that names no DOM library', () => compiles(
    'server.mts', 'import Kakao from "kakaowasm"; export const { VERSION } = Kakao;', ...resolutions.nodenext, '--lib', 'es2022',
  ));

  test("they bear a page's own declaration of window.Kakao", () => compiles('own.mts', `
    import Kakao from 'kakaowasm';
    declare global { interface Window { Kakao: any } }
    window.Kakao = Kakao;
  `, ...resolutions.bundler));

  // What @types/kakao-js-sdk declares, in short.
  const theirs = 'namespace Kakao { const VERSION: string; function init(appKey: string): void; namespace Link { const theirs: true; } }';

  test('they bear the global of @types/kakao-js-sdk, which window.Kakao then is', () => compiles('both.mts', `
    import { Kakao as ours } from 'kakaowasm';
    declare global { ${theirs} }
    Kakao.init(Kakao.VERSION);
    window.Kakao.Link.theirs && ours.Auth.getAccessToken();
    // @ts-expect-error: theirs, and not any
    window.Kakao.Auth;
  `, ...resolutions.bundler));

  test('they bear it where the page declares window.Kakao by it', () => compiles('window.mts', `
    import { Kakao as ours } from 'kakaowasm';
    declare global { ${theirs} interface Window { Kakao: typeof Kakao } }
    window.Kakao.Link.theirs && ours.Auth.getAccessToken();
  `, ...resolutions.bundler));

  test('a script-tag page declares the bare global in one line', () => compiles('page.ts', `
    declare const Kakao: import('kakaowasm').Kakao;
    Kakao.init('key');
    Kakao.Auth.login({ success: (login) => login.access_token.length });
    window.Kakao.Auth.getAppKey();
  `, ...resolutions.bundler));

  test('a page without strictNullChecks compiles as with @types/kakao-js-sdk', () => compiles('loose.mts', `
    import Kakao from 'kakaowasm';
    const token: string = Kakao.Auth.getAccessToken();
    Kakao.API.request({ url: '/v2/user/me', success: (user) => user.kakao_account.profile.nickname.length + token.length });
    Kakao.Auth.login({ scope: undefined, fail: (error) => error.error_description.length });
  `, ...resolutions.bundler, '--strict', 'false'));
});
