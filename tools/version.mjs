// The version of everything. kakao/doc.go holds it; package manifests and the addresses in the guides repeat it.
//
//   node tools/version.mjs            checks that all of them agree, and that CHANGELOG.md has the version
//   node tools/version.mjs 0.3.0      writes another version everywhere but into CHANGELOG.md
//   node tools/version.mjs --notes    prints what CHANGELOG.md says of the version

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = resolve(fileURLToPath(new URL('.', import.meta.url)), '..');
const read = (file) => readFileSync(resolve(root, file), 'utf8');

const HOME = { file: 'kakao/doc.go', pattern: /^const Version = "(.*)"$/gm };
const MANIFEST = /^ {2}"version": "(.*)"|"@kakaowasm\/cli": "(\d.*?)"/gm;
const MENTION = /(?:\/kakao\/sdk\/|kakaowasm-(?:cli-)?|kakaowasm@v)(\d+\.\d+\.\d+)/g;

/** Where the version is repeated. A file that a part of the project brings along may be missing. */
const COPIES = [
  ...['npm', 'npm-cli', 'npm-emulator'].map((folder) => ({ file: `${folder}/package.json`, pattern: MANIFEST })),
  ...['README', 'docs/migration', 'docs/sdk', 'docs/token-server', 'docs/install', 'docs/deploy', 'docs/emulator'].flatMap((guide) => [
    { file: `${guide}.md`, pattern: MENTION, optional: true },
    { file: `${guide}.ko.md`, pattern: MENTION, optional: true },
  ]),
].filter(({ file }) => existsSync(resolve(root, file)));

/** What a place says, of which there may be several in a file. */
const versionsIn = ({ file, pattern }) => [...read(file).matchAll(pattern)].map(([, ...found]) => found.find(Boolean));

/** What CHANGELOG.md says of a version; undefined where it says nothing. */
function notesOf(version) {
  const [, ...sections] = read('CHANGELOG.md').split(/^## /m);
  const section = sections.find((text) => text.startsWith(`[${version}]`));
  return section?.replace(/^.*\n/, '').trim();
}

function mistakes(version) {
  const found = [];
  for (const place of COPIES) {
    const versions = versionsIn(place);
    if (!versions.length && !place.optional) found.push(`${place.file} names no version`);
    for (const other of versions) if (other !== version) found.push(`${place.file} says ${other}`);
  }
  if (!notesOf(version)) found.push(`CHANGELOG.md has no section "## [${version}]", or an empty one`);
  return found;
}

function write(version) {
  for (const { file, pattern } of [HOME, ...COPIES]) {
    const text = read(file).replace(pattern, (whole, ...found) => whole.replace(found.find(Boolean), version));
    writeFileSync(resolve(root, file), text);
  }
}

const [argument] = process.argv.slice(2);
const [current] = versionsIn(HOME);
if (argument === '--notes') {
  console.log(notesOf(current) ?? '');
} else if (argument === undefined) {
  const found = mistakes(current);
  for (const text of found) console.error(`${text}; the version is ${current} (kakao/doc.go): node tools/version.mjs ${current} writes it everywhere.`);
  process.exitCode = found.length ? 1 : 0;
} else if (/^\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?$/.test(argument)) {
  write(argument);
} else {
  console.error(`expected a version such as 0.3.0, got ${argument}`);
  process.exitCode = 2;
}
