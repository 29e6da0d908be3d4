// npm runs this before it packs the folder, and where somebody installs the folder itself: it says that there is no
// build in it. It is no part of the package, which runs nothing when it is installed.

import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const built = ['kakao.mjs', 'kakao.cjs', 'kakao.wasm', 'index.d.ts'].every((name) => existsSync(new URL(`dist/${name}`, import.meta.url)));
if (!built) {
  const root = fileURLToPath(new URL('..', import.meta.url));
  console.error(`kakaowasm: there is no build in npm/dist; run "make release" in ${root} first`);
  process.exitCode = 1;
}
