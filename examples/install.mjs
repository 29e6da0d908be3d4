// Puts the package as npm would pack it, with the build in dist/release or dist/go, where the examples find it.

import { join } from 'node:path';
import { install, root } from '../npm/packing.mjs';

await install(join(root, 'examples'));
