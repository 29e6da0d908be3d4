'use strict';

// Finds the program that was built for this machine. Each platform's is in a package of its own, an
// optional dependency of this one that npm installs only where its os and cpu fit.

const { existsSync, readFileSync } = require('node:fs');
const { dirname, join } = require('node:path');
const manifest = require('./package.json');

/** The platforms that there are programs for, as `process.platform` and `process.arch` name them. */
const PLATFORMS = ['darwin-arm64', 'darwin-x64', 'linux-arm64', 'linux-x64', 'win32-arm64', 'win32-x64'];

const VARIABLE = 'KAKAOWASM_BINARY';

/**
 * The path of the program for this machine.
 * @returns {string}
 * @throws {Error} in one sentence, where there is none: code 'no_binary' or 'version_mismatch'
 */
function binaryPath({ platform = process.platform, arch = process.arch, env = process.env } = {}) {
  if (env[VARIABLE]) return namedByUser(env[VARIABLE]);
  const target = `${platform}-${arch}`;
  if (!PLATFORMS.includes(target)) {
    throw failure('no_binary', `there is no program for ${target}, only for ${PLATFORMS.join(', ')}; build one with Go (go build ./cmd/kakaowasm) and name it in ${VARIABLE}`);
  }
  const name = `@kakaowasm/cli-${target}`;
  const folder = folderOf(name);
  const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  if (version !== manifest.version) {
    throw failure('version_mismatch', `${manifest.name} ${manifest.version} found ${name} ${version}; install both again: npm install ${manifest.name}@${manifest.version}`);
  }
  const file = join(folder, platform === 'win32' ? 'kakaowasm.exe' : 'kakaowasm');
  if (!existsSync(file)) throw failure('no_binary', `${file} is missing, so the installation is broken; install again: npm install --force ${manifest.name}`);
  return file;
}

function namedByUser(path) {
  if (existsSync(path)) return path;
  throw failure('no_binary', `${VARIABLE} names ${path}, and there is no such file; correct it or unset it`);
}

function folderOf(name) {
  try {
    return dirname(require.resolve(`${name}/package.json`));
  } catch {
    throw failure('no_binary', `the package ${name} is not installed; install again without --omit=optional (or --no-optional), and on this kind of machine: npm install ${manifest.name}@${manifest.version}`);
  }
}

const failure = (code, message) => Object.assign(new Error(message), { code });

module.exports = { binaryPath, platforms: PLATFORMS };
