// Puts the package as npm would pack it, with the build in dist/release or dist/go, where the examples find it.

import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pack, root, succeed } from '../npm/packing.mjs';

const work = await mkdtemp(join(tmpdir(), 'kakaowasm-examples-'));
try {
  const { tarball } = await pack(work);
  const installed = join(root, 'examples/node_modules/kakaowasm');
  await rm(installed, { recursive: true, force: true });
  await mkdir(installed, { recursive: true });
  succeed('tar', ['-xzf', tarball, '--strip-components=1', '-C', installed], work);
} finally {
  await rm(work, { recursive: true, force: true });
}
