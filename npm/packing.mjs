// What the tests of the packed package share: running commands as somebody who has set nothing, and packing a build.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export const npmFolder = fileURLToPath(new URL('.', import.meta.url));
export const root = dirname(npmFolder.replace(/\/$/, ''));

const sdk = process.env.SDK
  ? resolve(process.env.SDK)
  : ['release', 'go'].map((name) => join(root, 'dist', name)).find((folder) => existsSync(folder));

/** Runs a command without the settings that an npm around us leaves in the environment. */
export function run(command, args, cwd, more = {}) {
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(npm_|NODE_)/i.test(name)));
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd, env: { ...env, ...more }, encoding: 'utf8' });
  if (error) throw error;
  return { status, stdout, output: stdout + stderr };
}

/** Runs a command that must succeed, and returns what it printed. */
export function succeed(command, args, cwd, more) {
  const { status, stdout, output } = run(command, args, cwd, more);
  assert.equal(status, 0, `${command} ${args.join(' ')}\n${output.slice(-4000)}`);
  return stdout;
}

/** What makes an npm ask nobody, and leave nothing outside of a folder. */
export const offline = (work) => ['--offline', '--no-audit', '--no-fund', '--cache', join(work, 'cache'), '--userconfig', join(work, 'npmrc')];

/**
 * Packs the package with a build in dist/release or dist/go, or the folder that SDK names.
 * @param {string} work an empty folder
 * @returns {Promise<{tarball: string, paths: string[]}>} the package, and the paths in it
 */
export async function pack(work) {
  assert.ok(sdk && existsSync(sdk), 'there is no build: make dist, or make release, first');
  const source = join(work, 'source');
  // The whole folder as it stands in a release: what files leaves out must be left out.
  await cp(npmFolder, source, { recursive: true, filter: (path) => !/\/(dist|node_modules|frameworks)$/.test(path) });
  await cp(sdk, join(source, 'dist'), { recursive: true });
  await cp(join(npmFolder, 'index.d.ts'), join(source, 'dist/index.d.ts')); // the build's may be older
  const [report] = JSON.parse(succeed('npm', ['pack', '--json', ...offline(work)], source));
  return { tarball: join(source, report.filename), paths: report.files.map(({ path }) => path).sort() };
}

/**
 * Packs the package, and installs it into a project without asking npm.
 * @param {string} project its folder
 * @returns {Promise<string>} where the package is
 */
export async function install(project) {
  const work = await mkdtemp(join(tmpdir(), 'kakaowasm-install-'));
  try {
    const { tarball } = await pack(work);
    const installed = join(project, 'node_modules/kakaowasm');
    await rm(installed, { recursive: true, force: true });
    await mkdir(installed, { recursive: true });
    succeed('tar', ['-xzf', tarball, '--strip-components=1', '-C', installed], work);
    return installed;
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}
