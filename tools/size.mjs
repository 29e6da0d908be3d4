// Weighs the built SDK, prints a table, writes dist/size.json, and fails over budget.

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

/** What the released script may weigh, in bytes after brotli. */
const BUDGET = 48 * 1024;

const parts = (build) => ({
  shim: `dist/build/${build}/shim.js`,
  glue: `dist/build/${build}/glue.js`,
  wasm: `dist/${build}/kakao.wasm`,
  total: `dist/${build}/kakao.js`,
});
const TOOLCHAINS = { go: 'standard Go', release: 'TinyGo' };

function weigh(path) {
  const bytes = readFileSync(path);
  const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_LGWIN]: 24, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length };
  return { raw: bytes.length, gzip: gzipSync(bytes, { level: 9 }).length, brotli: brotliCompressSync(bytes, { params }).length };
}

const kilobytes = (n) => `${(n / 1024).toFixed(1)} KB`.padStart(11);
const sizes = {};
console.log('toolchain    part          raw       gzip     brotli');
for (const [build, toolchain] of Object.entries(TOOLCHAINS)) {
  if (!existsSync(`dist/${build}/kakao.js`)) continue;
  sizes[build] = {};
  for (const [part, file] of Object.entries(parts(build))) {
    const size = weigh(file);
    sizes[build][part] = size;
    console.log(`${toolchain.padEnd(12)} ${part.padEnd(6)}${kilobytes(size.raw)}${kilobytes(size.gzip)}${kilobytes(size.brotli)}`);
  }
}
writeFileSync('dist/size.json', `${JSON.stringify({ unit: 'bytes', budget: { total: { brotli: BUDGET } }, sizes }, null, 2)}\n`);

if (!sizes.release) {
  console.error('There is no release build: run `make release`.');
  process.exitCode = 1;
} else {
  const { brotli } = sizes.release.total;
  const verdict = `the released script weighs ${brotli} bytes after brotli; the budget is ${BUDGET}`;
  if (brotli > BUDGET) {
    console.error(`Over budget: ${verdict}.`);
    process.exitCode = 1;
  } else console.log(`Within budget: ${verdict}.`);
}
