// Builds the files of the npm package from the shim and one toolchain's wasm.
//
//   node npm/build.mjs --wasm go.wasm --glue wasm_exec.js --version 0.1.0 --out dist/go --parts dist/build/go
//
// --glue is standard Go's; what TinyGo builds needs none.
// --compress writes brotli and gzip siblings as well.

import { copyFile, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import binaryen from 'binaryen';
import { build } from 'esbuild';
import { cutGlue } from './glue.mjs';

const { values: options } = parseArgs({
  options: {
    ...Object.fromEntries(['wasm', 'glue', 'version', 'out', 'parts'].map((name) => [name, { type: 'string' }])),
    compress: { type: 'boolean' },
  },
});
for (const name of ['wasm', 'version', 'out', 'parts']) {
  if (!options[name]) throw new Error(`--${name} is missing`);
}

const here = fileURLToPath(new URL('.', import.meta.url));
const TARGET = ['chrome85', 'firefox79', 'safari14.1']; // the first with BigInt in WebAssembly

/** What the program exports tells which toolchain built it. */
const program = await WebAssembly.compile(await readFile(options.wasm));
const GLUE = join(here, WebAssembly.Module.exports(program).some(({ name }) => name === 'commands') ? 'glue.tinygo.js' : 'glue.go.js');

/** Standard Go's own glue as a function of the globals that it may see. */
async function glueModule() {
  const source = cutGlue(await readFile(options.glue, 'utf8'), WebAssembly.Module.imports(program));
  const wrapped = `export default function (globalThis, global, window, fs, process, require, TextEncoder, TextDecoder) {\n${source}\nreturn globalThis.Go;\n}`;
  return { contents: wrapped, loader: 'js' };
}

const toolchain = {
  name: 'toolchain',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^toolchain:glue$/ }, () => ({ path: GLUE }));
    onResolve({ filter: /^toolchain:wasm_exec$/ }, ({ path }) => ({ path, namespace: 'toolchain' }));
    onLoad({ filter: /.*/, namespace: 'toolchain' }, glueModule);
  },
};

/** WebAssembly that is written by hand, assembled: a string with one character a byte. */
const assembler = {
  name: 'assembler',
  setup({ onLoad }) {
    onLoad({ filter: /\.wat$/ }, async ({ path }) => {
      const module = binaryen.parseText(await readFile(path, 'utf8'));
      if (!module.validate()) throw new Error(`${path} is no valid WebAssembly`);
      return { contents: `export default ${JSON.stringify(Buffer.from(module.emitBinary()).toString('latin1'))}`, loader: 'js' };
    });
  },
};

/**
 * Tells Chromium to compile every function while the file still loads, away from the page's thread: init calls most of
 * them. It counts at the very top only, and is a comment elsewhere.
 */
const HINT = '//# allFunctionsCalledOnLoad\n';

const BANNER = `/*! kakaowasm ${options.version} | Apache-2.0 */`;

/** What stands for the wasm until the bundle is made: esbuild would take seconds to parse it. */
const PLACEHOLDER = '__KAKAOWASM_LITERAL__';

// The wasm is the last line of a file and nothing else is on it, so that an error in Node.js, which prints the line
// that it comes from, prints no wasm, and a source map needs to know nothing of it.
const BYTES = `var __KAKAOWASM_BYTES__=\n"${PLACEHOLDER}"`;

// A script has no scope of its own; an ES module and a CommonJS module have.
const HEAD = { iife: '\n(function(){', esm: '', cjs: '' };
const TAIL = { iife: '\n})();', esm: ';', cjs: ';' };

/**
 * Bundles the shim.
 * @param {string} entry the file in this folder
 * @param {'iife'|'esm'|'cjs'} format
 * @param {{holdsWasm?: boolean, external?: string[], client?: boolean}} [how] client is for what runs in a browser only, as
 *   frameworks with server components must be told
 * @returns {Promise<{code: string, map: string}>}
 */
async function bundle(entry, format, { holdsWasm = false, external = [], client = false } = {}) {
  const result = await build({
    entryPoints: [join(here, entry)],
    outfile: join(here, 'dist', entry),
    bundle: true,
    minify: true,
    ...(format !== 'iife' && { lineLimit: 160 }), // Node.js prints the line that an error comes from
    format,
    target: TARGET,
    define: {
      __KAKAOWASM_VERSION__: JSON.stringify(options.version),
      ...(format === 'cjs' && { 'import.meta.url': 'undefined' }),
    },
    plugins: external.length ? [] : [assembler, toolchain],
    external,
    banner: { js: (holdsWasm ? HINT : '') + BANNER + (client ? '\n"use client";' : '') + HEAD[format] },
    footer: { js: holdsWasm ? BYTES + TAIL[format] : '' },
    legalComments: 'none',
    sourcemap: 'external',
    write: false,
  });
  const text = (ending) => result.outputFiles.find(({ path }) => path.endsWith(ending)).text;
  return { code: text('.js'), map: text('.map') };
}

/** Writes bytes as the inside of a JavaScript string literal with one character a byte. */
function literal(bytes) {
  const escapes = { 0: '\\0', 10: '\\n', 13: '\\r', 34: '\\"', 92: '\\\\' };
  let text = '';
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i];
    const digitFollows = bytes[i + 1] >= 48 && bytes[i + 1] <= 57;
    if (byte === 0 && digitFollows) text += '\\x00';
    else text += escapes[byte] ?? String.fromCharCode(byte);
  }
  return text;
}

function inline(code, bytes) {
  if (code.split(PLACEHOLDER).length !== 2) throw new Error(`the bundle must hold ${PLACEHOLDER} once`);
  return code.replace(PLACEHOLDER, () => literal(bytes));
}

/** A source map that names its sources by the package and not by the folder that they were built in. */
function publicMap(map) {
  const parsed = JSON.parse(map);
  parsed.sources = parsed.sources.map((source) => `kakaowasm/${basename(source).replace(/^toolchain:(.*)$/, '$1.js')}`);
  return JSON.stringify(parsed);
}

/** Appends a custom section to wasm (WebAssembly Core Specification, section 5.5.3). */
function withSection(bytes, name, text) {
  const content = Buffer.concat([Buffer.from([name.length]), Buffer.from(name), Buffer.from(text)]);
  if (content.length > 127) throw new Error('a longer section needs a longer LEB128 than this writes');
  return Buffer.concat([bytes, Buffer.from([0, content.length]), content]);
}

// A byte order mark makes browsers read the file as UTF-8 whatever its server or an EUC-KR page says.
const BOM = '\ufeff';

/**
 * The two files of an entrance without wasm, what they import from elsewhere, and how they are bundled.
 * @param {string} name
 * @param {string[]} [external]
 * @param {{client?: boolean}} [how]
 */
const entrance = (name, external = [], how = {}) => ({
  [`${name}.mjs`]: { entry: `${name}.js`, format: 'esm', external, ...how },
  [`${name}.cjs`]: { entry: `${name}.js`, format: 'cjs', external, ...how },
});

/** What is bundled into which file. */
const FILES = {
  'kakao.js': { entry: 'script.js', format: 'iife', holdsWasm: true },
  'kakao.mjs': { entry: 'index.js', format: 'esm', holdsWasm: true },
  'kakao.cjs': { entry: 'index.js', format: 'cjs', holdsWasm: true },
  'kakao.lite.mjs': { entry: 'lite.js', format: 'esm' },
  'kakao.lite.cjs': { entry: 'lite.js', format: 'cjs' },
  ...entrance('react', ['react', 'kakaowasm'], { client: true }),
  ...entrance('server', ['jose']),
  ...entrance('svelte', ['kakaowasm']),
  ...entrance('testing'),
  ...entrance('vue', ['vue', 'kakaowasm']),
};

// kakaowasm/lite refuses the wasm of another version by this section.
const wasm = withSection(await readFile(options.wasm), 'kakaowasm', options.version);
await rm(options.out, { recursive: true, force: true }); // what an older build has left
await mkdir(options.out, { recursive: true });
const write = (name, text) => writeFile(join(options.out, name), text);
for (const [name, { entry, format, ...how }] of Object.entries(FILES)) {
  const { code, map } = await bundle(entry, format, how);
  const text = how.holdsWasm ? BOM + inline(code, wasm) : code;
  await write(name, `${text.trimEnd()}\n//# sourceMappingURL=${name}.map\n`);
  await write(`${name}.map`, publicMap(map));
}
await write('kakao.wasm', wasm);
for (const name of await readdir(join(here, 'packaged'))) await copyFile(join(here, 'packaged', name), join(options.out, name));
await copyFile(join(here, 'index.d.ts'), join(options.out, 'index.d.ts'));

// What the token server sends to browsers that accept it.
if (options.compress) {
  for (const name of ['kakao.js', 'kakao.mjs', 'kakao.lite.mjs', 'kakao.wasm']) {
    const bytes = await readFile(join(options.out, name));
    const params = { [constants.BROTLI_PARAM_LGWIN]: 24, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length };
    await write(`${name}.br`, brotliCompressSync(bytes, { params })); // quality 11 is the default
    await write(`${name}.gz`, gzipSync(bytes, { level: 9 }));
  }
}

// What make size weighs: the shim alone and the glue alone, minified as in the bundle.
const glue = await bundle(basename(GLUE), 'esm');
const shim = await bundle('lite.js', 'esm', { external: ['toolchain:glue'] });
await mkdir(options.parts, { recursive: true });
await writeFile(join(options.parts, 'glue.js'), glue.code);
await writeFile(join(options.parts, 'shim.js'), shim.code);
