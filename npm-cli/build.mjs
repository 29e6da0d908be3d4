// Builds the program for each platform, and packs it into the npm packages of the program.
//
//   node npm-cli/build.mjs [--out dist/npm-cli] [platform...]     such as linux-x64; all of them if none is named
//
// The SDK must be in internal/embeddedsdk/files, where `make cli` puts it. Needs Go and npm, and no network once
// Go has its modules.

import { execFileSync } from 'node:child_process';
import { chmodSync, copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { buildSync } from 'esbuild';
import { notices } from '../tools/notices.mjs';

const here = fileURLToPath(new URL('.', import.meta.url));
const root = resolve(here, '..');
const { platforms } = createRequire(import.meta.url)('./index.js');
const manifest = JSON.parse(readFileSync(join(here, 'package.json'), 'utf8'));
const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';

/** How Go names what Node.js names otherwise. */
const GO_NAMES = { win32: 'windows', x64: 'amd64' };

/**
 * How a released program is built; .goreleaser.yaml says the same. grpcnotrace leaves out pages of gRPC, which nobody
 * sees and whose templates call methods by name: the linker would keep every method of every library (10 MB).
 */
export const BUILD_FLAGS = ['-trimpath', '-tags=embedsdk,grpcnotrace', '-ldflags=-s -w'];

/**
 * Builds the program for a platform.
 * @param {string} target such as 'linux-x64'
 * @param {string} file where it goes
 */
export function compile(target, file) {
  const [GOOS, GOARCH] = target.split('-').map((name) => GO_NAMES[name] ?? name);
  const env = { ...process.env, GOOS, GOARCH, CGO_ENABLED: '0' };
  execFileSync('go', ['build', ...BUILD_FLAGS, '-o', file, './cmd/kakaowasm'], { cwd: root, env, stdio: 'inherit' });
}

const writeManifest = (folder, value) => writeFileSync(join(folder, 'package.json'), `${JSON.stringify(value, null, 2)}\n`);

function pack(folder, out) {
  const printed = execFileSync(npm, ['pack', '--json', '--pack-destination', out], { cwd: folder, encoding: 'utf8', shell: process.platform === 'win32' });
  return join(out, JSON.parse(printed)[0].filename);
}

function emptyFolder(path) {
  rmSync(path, { recursive: true, force: true });
  mkdirSync(path, { recursive: true });
  return path;
}

/**
 * Packs the program of one platform.
 * @param {string} target such as 'linux-x64'
 * @param {string} program the file
 * @param {string} out the folder that the tarball goes to
 * @param {string} [licenses] the licenses of the libraries in it
 * @returns {string} the tarball
 */
export function packPlatform(target, program, out, licenses = '') {
  const folder = emptyFolder(join(out, `cli-${target}`));
  const [os, cpu] = target.split('-');
  const name = os === 'win32' ? 'kakaowasm.exe' : 'kakaowasm';
  copyFileSync(program, join(folder, name));
  chmodSync(join(folder, name), 0o755);
  copyFileSync(join(root, 'LICENSE'), join(folder, 'LICENSE'));
  if (licenses) writeFileSync(join(folder, 'THIRD_PARTY_LICENSES'), licenses);
  writeFileSync(join(folder, 'README.md'), `# ${manifest.name}-${target}\n\nThe program of [${manifest.name}](https://www.npmjs.com/package/${manifest.name}) for ${target}. Install that package, which brings this one.\n`);
  const { version, license, homepage, bugs, repository } = manifest;
  writeManifest(folder, {
    name: `${manifest.name}-${target}`, version, description: `The program of ${manifest.name} for ${target}`,
    license, homepage, bugs, repository, os: [os], cpu: [cpu], preferUnplugged: true, files: [name, 'THIRD_PARTY_LICENSES'],
  });
  return pack(folder, out);
}

/** The addresses that Kakao.API.request knows: the types of the npm package list them. */
function apiAddresses() {
  const [, calls] = /^export interface ApiCalls \{\n([\s\S]*?)^\}/m.exec(readFileSync(join(root, 'npm/index.d.ts'), 'utf8'));
  return [...calls.matchAll(/^ {2}'(\/[^']+)':/gm)].map(([, path]) => path);
}

/** The license of a library, as its package has it. */
function licenseOf(name) {
  const folder = join(root, 'node_modules', name);
  const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const file = readdirSync(folder).find((each) => /^licen[cs]e/i.test(each));
  if (!file) throw new Error(`${name} has no license file`);
  return `${name} ${version}\n\n${readFileSync(join(folder, file), 'utf8').trim()}\n`;
}

/**
 * Puts the command `migrate` and its libraries into one file, so that the package needs no others.
 * @param {string} folder where migrate.js and its THIRD_PARTY_LICENSES go
 */
export function bundleMigrate(folder) {
  const { metafile } = buildSync({
    entryPoints: [join(here, 'migrate/main.mjs')], outfile: join(folder, 'migrate.js'), absWorkingDir: root,
    bundle: true, platform: 'node', target: 'node18', format: 'cjs', legalComments: 'none', metafile: true, logLevel: 'warning',
    define: { __VERSION__: JSON.stringify(manifest.version), __ADDRESSES__: JSON.stringify(apiAddresses()) },
  });
  const libraries = new Set(Object.keys(metafile.inputs).map((path) => /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1]).filter(Boolean));
  writeFileSync(join(folder, 'THIRD_PARTY_LICENSES'), [...libraries].sort().map(licenseOf).join('\n'));
}

/**
 * Packs the package that people install, with the platforms as optional dependencies.
 * @param {string} out the folder that the tarball goes to
 * @returns {string} the tarball
 */
export function packMain(out) {
  const folder = emptyFolder(join(out, 'cli'));
  mkdirSync(join(folder, 'bin'));
  for (const name of ['bin/kakaowasm.js', 'index.js', 'index.d.ts', 'run.js', 'README.md']) copyFileSync(join(here, name), join(folder, name));
  bundleMigrate(folder);
  copyFileSync(join(root, 'LICENSE'), join(folder, 'LICENSE'));
  const optionalDependencies = Object.fromEntries(platforms.map((target) => [`${manifest.name}-${target}`, manifest.version]));
  writeManifest(folder, { ...manifest, optionalDependencies });
  return pack(folder, out);
}

function main() {
  const { values, positionals } = parseArgs({ options: { out: { type: 'string', default: join(root, 'dist/npm-cli') } }, allowPositionals: true });
  const wanted = positionals.length ? positionals : platforms;
  for (const target of wanted) {
    if (!platforms.includes(target)) throw new Error(`expected platforms among ${platforms.join(', ')}, got ${target}`);
  }
  if (!existsSync(join(root, 'internal/embeddedsdk/files/kakao.js'))) throw new Error('there is no SDK to embed: run `make cli`, which builds it first');
  const out = resolve(values.out);
  mkdirSync(out, { recursive: true });
  const licenses = notices();
  for (const target of wanted) {
    const program = join(out, `kakaowasm-${target}`);
    compile(target, program);
    console.log(basename(packPlatform(target, program, out, licenses)));
    rmSync(program);
  }
  console.log(basename(packMain(out)));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) main();
