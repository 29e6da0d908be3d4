// Prints the licenses of the libraries that are compiled into the program, which have to go with it.
//
//   node tools/notices.mjs >THIRD_PARTY_LICENSES

import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = resolve(fileURLToPath(new URL('.', import.meta.url)), '..');
const LICENSE = /^(licen[cs]e|copying|notice|patents)([.-].*)?$/i;

/** The systems that there are programs for: each has libraries of its own. */
const SYSTEMS = ['linux', 'darwin', 'windows'];

const go = (args, env) => execFileSync('go', args, { cwd: root, env: { ...process.env, ...env }, encoding: 'utf8', maxBuffer: 1 << 26 }).trim();

/** The modules of which a package is compiled in, and where they are; Go itself stands first. */
function modules() {
  const format = '{{with .Module}}{{if not .Main}}{{.Path}} {{.Version}} {{.Dir}}{{end}}{{end}}';
  const listed = SYSTEMS.flatMap((GOOS) => go(['list', '-deps', '-f', format, './cmd/kakaowasm'], { GOOS }).split('\n'));
  const lines = new Set(listed.filter(Boolean));
  const [goroot, version] = go(['env', 'GOROOT', 'GOVERSION']).split('\n');
  return [['Go', version, goroot], ...[...lines].sort().map((line) => line.split(' '))];
}

function licensesOf([path, version, folder]) {
  const names = readdirSync(folder).filter((name) => LICENSE.test(name));
  if (!names.length) throw new Error(`${path} ${version} has no license file in ${folder}: it cannot go into a release`);
  return names.map((name) => `${path} ${version}, ${name}\n\n${readFileSync(join(folder, name), 'utf8').trim()}\n`);
}

/** The text of all licenses. */
export const notices = () => modules().flatMap(licensesOf).join(`\n${'-'.repeat(80)}\n\n`);

if (process.argv[1] === fileURLToPath(import.meta.url)) process.stdout.write(notices());
