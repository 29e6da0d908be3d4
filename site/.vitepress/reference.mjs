// The reference of the SDK, written from the types of the npm package.

import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Application } from 'typedoc';

const npm = fileURLToPath(new URL('../../npm/', import.meta.url));

/** Where it is on the site, below the root of each language. */
export const REFERENCE = '/reference/';

/**
 * Writes the reference for both languages; it is in English.
 * @param {string} site the folder of the site's files
 */
export async function writeReference(site) {
  const folder = join(site, 'en', REFERENCE);
  const app = await Application.bootstrapWithPlugins({
    plugin: ['typedoc-plugin-markdown'], outputs: [{ name: 'markdown', path: folder }], entryPoints: [join(npm, 'index.d.ts')], tsconfig: join(npm, 'tsconfig.json'), logLevel: 'Error',
    readme: 'none', name: 'SDK reference', disableSources: true, skipErrorChecking: true, githubPages: false,
    outputFileStrategy: 'modules', entryFileName: 'index.md', hideBreadcrumbs: true, hidePageHeader: true, useHTMLAnchors: true,
  });
  const project = await app.convert();
  if (!project) throw new Error('npm/index.d.ts cannot be read: run node_modules/.bin/tsc -p npm');
  await app.generateOutputs(project);
  if (app.logger.hasErrors()) throw new Error('the reference cannot be written; the lines above say why');
  cpSync(folder, join(site, REFERENCE), { recursive: true });
}
