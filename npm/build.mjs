// Builds the files of the npm package from the shim and one toolchain's wasm.
//
//   node npm/build.mjs --wasm go.wasm --glue wasm_exec.js --version 0.1.0 --out dist/go --parts dist/build/go
//
// --compress writes brotli and gzip siblings as well.

import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { build, transform } from 'esbuild';

const { values: options } = parseArgs({
  options: {
    ...Object.fromEntries(['wasm', 'glue', 'version', 'out', 'parts'].map((name) => [name, { type: 'string' }])),
    compress: { type: 'boolean' },
  },
});
for (const name of ['wasm', 'glue', 'version', 'out', 'parts']) {
  if (!options[name]) throw new Error(`--${name} is missing`);
}

const here = new URL('.', import.meta.url).pathname;
const TARGET = ['chrome85', 'firefox79', 'safari14.1']; // the first with BigInt in WebAssembly

/** The toolchain's own glue as a function of the globals that it may see. */
async function glueModule() {
  const source = await readFile(options.glue, 'utf8');
  const wrapped = `export default function (globalThis, global, window, fs, process, require) {\n${source}\nreturn globalThis.Go;\n}`;
  return { contents: wrapped, loader: 'js' };
}

const toolchain = {
  name: 'toolchain',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^toolchain:/ }, ({ path }) => ({ path, namespace: 'toolchain' }));
    onLoad({ filter: /.*/, namespace: 'toolchain' }, glueModule);
  },
};

async function bundle(entry, format, external = []) {
  const result = await build({
    entryPoints: [join(here, entry)],
    bundle: true,
    minify: true,
    format,
    charset: 'utf8',
    target: TARGET,
    define: { __KAKAOWASM_VERSION__: JSON.stringify(options.version) },
    plugins: external.length ? [] : [toolchain],
    external,
    legalComments: 'none',
    write: false,
  });
  return result.outputFiles[0].text;
}

/** Writes bytes as a JavaScript string literal with one character a byte. */
function literal(bytes) {
  const escapes = { 0: '\\0', 10: '\\n', 13: '\\r', 34: '\\"', 92: '\\\\' };
  let text = '';
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i];
    const digitFollows = bytes[i + 1] >= 48 && bytes[i + 1] <= 57;
    if (byte === 0 && digitFollows) text += '\\x00';
    else text += escapes[byte] ?? String.fromCharCode(byte);
  }
  return `"${text}"`;
}

function inline(code, bytes) {
  const placeholder = '"__KAKAOWASM_BYTES__"';
  if (code.split(placeholder).length !== 2) throw new Error(`the bundle must hold ${placeholder} once`);
  return code.replace(placeholder, () => literal(bytes));
}

const BANNER = `/*! kakaowasm ${options.version} | Apache-2.0 */\n`;
// A byte order mark makes browsers read the file as UTF-8 whatever its server or an EUC-KR page says.
const BOM = '\ufeff';

const wasm = await readFile(options.wasm);
await mkdir(options.out, { recursive: true });
const write = (name, text) => writeFile(join(options.out, name), text);
await write('kakao.js', BOM + BANNER + inline(await bundle('script.js', 'iife'), wasm));
await write('kakao.mjs', BOM + BANNER + inline(await bundle('module.js', 'esm'), wasm));
await write('kakao.lite.mjs', BANNER + await bundle('lite.js', 'esm'));
await copyFile(options.wasm, join(options.out, 'kakao.wasm'));
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
const glue = await transform((await glueModule()).contents, { minify: true, target: TARGET, format: 'esm' });
const shim = await bundle('lite.js', 'esm', ['toolchain:wasm_exec']);
await mkdir(options.parts, { recursive: true });
await writeFile(join(options.parts, 'glue.js'), glue.code);
await writeFile(join(options.parts, 'shim.js'), shim);
