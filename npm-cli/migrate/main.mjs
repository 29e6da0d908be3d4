// The command: kakaowasm migrate <folder>

import { existsSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { createTwoFilesPatch } from 'diff';
import { edit, projectOf } from './edit.mjs';
import { find } from './find.mjs';
import { filesOf } from './folder.mjs';
import { languageOf, speaker } from './messages.mjs';
import { missingIn } from './policy.mjs';
import { replace } from './replace.mjs';
import { decode, isMinified, LARGEST, LeftAlone } from './text.mjs';

/** The version of kakaowasm, and the addresses that its API.request knows; npm-cli/build.mjs writes them here. */
const VERSION = __VERSION__;
const ADDRESSES = new Set(__ADDRESSES__);

/** Files beyond this are not even searched for Kakao's name, in bytes. */
const LARGEST_SEARCHED = 64 << 20;

/** The name of Kakao in bytes of any encoding that is read. */
const NAMED = /k\0?a\0?k\0?a\0?o/i;
const POLICY = /content-?security-?policy/i;

const OPTIONS = { write: { type: 'boolean', default: false }, server: { type: 'string', default: '/kakao' }, lang: { type: 'string' }, help: { type: 'boolean', short: 'h', default: false } };

/** A mistake in how the command was called. */
class Misuse extends Error {
  constructor(name, details) {
    super(name);
    Object.assign(this, { name, details });
  }
}

const lineOf = (text, offset) => text.slice(0, offset).split('\n').length;

/** The bytes of a file that is worth reading; undefined for the others. */
function bytesOf(path, kind) {
  const { size } = statSync(path);
  if (size > LARGEST_SEARCHED) throw new LeftAlone('tooLarge', { limit: LARGEST >> 20 });
  const bytes = readFileSync(path);
  const pattern = kind === 'headers' ? POLICY : NAMED;
  if (!pattern.test(bytes.toString('latin1'))) return undefined;
  if (size > LARGEST) throw new LeftAlone('tooLarge', { limit: LARGEST >> 20 });
  return bytes;
}

/** A file with what was found in it; undefined if it has nothing to do with Kakao. */
function read(root, { path, kind }) {
  const bytes = bytesOf(join(root, path), kind);
  if (!bytes) return undefined;
  const { text, encode } = decode(bytes);
  if (isMinified(path, text)) throw new LeftAlone('minified');
  try {
    return { path, kind, bytes, text, encode, found: find(kind, basename(path), text, VERSION) };
  } catch (error) {
    if (error instanceof RangeError) throw new LeftAlone('tooDeep'); // the stack of a parser
    if (error.details?.offset !== undefined) error.details.line = lineOf(text, error.details.offset);
    throw error;
  }
}

/** Runs a step for a file, and notes the file if it must be left alone. */
function guard(path, alone, otherwise, step) {
  try {
    return step();
  } catch (error) {
    if (error instanceof LeftAlone) alone.push({ path, reason: error.reason, details: error.details });
    else if (error.code) alone.push({ path, reason: otherwise, details: { code: error.code } });
    else throw error;
    return undefined;
  }
}

/** The new text of a file, held against what the same command would say of it. */
function change({ path, kind, text, found }, project) {
  const after = edit(text, found, project);
  if (after === text) return undefined;
  try {
    if (edit(after, find(kind, basename(path), after, VERSION), project) === after) return after;
  } catch {
    // It was a program before, and is none any more.
  }
  throw new LeftAlone('unsure');
}

/** Global types in place of @types/kakao-js-sdk, where a project had only that. */
function declarations(files, root) {
  const text = '/// <reference types="kakaowasm" />\nimport Kakao = kakaowasm.Kakao;\n';
  const declared = files.some(({ path, found }) => /\.d\.[cm]?ts$/.test(path) && (found.ours || found.edits.length));
  if (declared) return [];
  return files.filter(({ kind, found }) => kind === 'manifest' && found.edits.length).flatMap(({ path }) => {
    const folder = dirname(path);
    if (!existsSync(join(root, folder, 'tsconfig.json'))) return [];
    const file = join(folder, existsSync(join(root, folder, 'src')) ? 'src' : '.', 'kakaowasm.d.ts').replaceAll('\\', '/');
    return existsSync(join(root, file)) ? [] : [{ path: file, text: '', after: text, encode: (content) => Buffer.from(content) }];
  });
}

/** Decisions by their kind, each with its places. */
function decisions(files, project) {
  const all = new Map();
  const add = (what, file, start, details = {}) => {
    const sentence = { what, details };
    const key = `${what} ${details.missing ?? ''}`;
    const entry = all.get(key) ?? { ...sentence, places: new Set() };
    all.set(key, entry);
    entry.places.add(`${file.path}:${lineOf(file.text, start)}`);
  };
  for (const file of files) {
    const { found } = file;
    for (const { what, start, details } of found.decisions) add(what, file, start, details);
    for (const { url, start } of found.requests) if (!ADDRESSES.has(url)) add('apiAddress', file, start);
    if (project.keeps && !found.ours) {
      for (const { start } of [...found.addresses, ...found.tags.filter(({ attributes }) => attributes.async)]) add('loadOrder', file, start);
    }
    for (const { text, start } of found.policies) {
      const missing = missingIn(text, project.uses);
      if (missing) add('csp', file, start, { missing });
    }
  }
  return [...all.values()];
}

const patchOf = ({ path, text, after }) => createTwoFilesPatch(text ? `a/${path}` : '/dev/null', `b/${path}`, text, after, '', '').replace(/^=+\n/, '').replace(/^((?:---|\+\+\+) .*)\t$/gm, '$1');

/** What was found in a folder, and what would change. */
function examine(root, server) {
  const alone = [];
  const files = [];
  for (const file of filesOf(root, (path, { code }) => alone.push({ path, reason: 'unreadable', details: { code } }))) {
    const result = guard(file.path, alone, 'unreadable', () => read(root, file));
    if (result) files.push(result);
  }
  const project = { ...projectOf(files.map(({ found }) => found), server, VERSION), addresses: ADDRESSES.size };
  const changes = files.flatMap((file) => {
    const after = guard(file.path, alone, 'unreadable', () => change(file, project));
    return after === undefined ? [] : [{ ...file, after }];
  });
  changes.push(...declarations(files, root));
  const concerned = files.some(({ kind, found }) => kind !== 'headers' && (found.ours || found.uses.size || found.tags.length || found.addresses.length || found.decisions.length || found.edits.length));
  return { alone, changes, project, concerned, decisions: concerned ? decisions(files, project) : [] };
}

/** Writes the changes, and gives those that were written. */
function write(root, changes, alone) {
  return changes.filter(({ path, bytes, after, encode }) => guard(path, alone, 'unwritable', () => {
    replace(join(root, path), bytes, encode(after));
    return true;
  }));
}

function* report({ alone, changes, project, concerned, decisions: decided }, written, { say, decision, reason }) {
  if (!written) for (const changed of changes) yield patchOf(changed);
  if (!concerned) yield say('nothing');
  else if (!project.migrates && !changes.length) yield say('onlyStays', project);
  else if (written) yield [say(written.length ? 'written' : 'unchanged', { n: written.length }), ...written.map(({ path }) => `  ${path}`)].join('\n');
  else yield say(changes.length ? 'changes' : 'unchanged', { n: changes.length });
  if (decided.length && project.migrates) {
    yield `\n${say('decide')}`;
    for (const { what, details, places } of decided) yield `  - ${decision(what, { ...project, ...details })}\n      ${[...places].join('\n      ')}`;
  }
  if (alone.length) yield `\n${say('leftAlone')}\n${alone.map(({ path, reason: name, details }) => `  ${path}: ${reason(name, details)}`).join('\n')}`;
  if (concerned && project.migrates) yield `\n${say('next', { ...project, install: changes.some(({ kind }) => kind === 'manifest') })}`;
}

function optionsOf(args) {
  try {
    return parseArgs({ args, options: OPTIONS, allowPositionals: true });
  } catch (error) {
    throw new Misuse('wrongOption', { message: error.message.split('.')[0] });
  }
}

const SERVER = /^(?:\/(?!\/)|https:\/\/|http:\/\/(?:localhost|127\.0\.0\.1)\b)[\w.~:/%-]*$/;

function check({ server, lang }, positionals) {
  if (lang !== undefined && !['ko', 'en'].includes(lang)) throw new Misuse('wrongLanguage', { lang });
  if (!SERVER.test(server)) throw new Misuse('wrongServer', { server });
  if (positionals.length !== 1) throw new Misuse('noFolder');
  const [path] = positionals;
  try {
    const root = realpathSync(path);
    if (statSync(root).isDirectory()) return root;
  } catch (error) {
    throw new Misuse('notAFolder', { path, code: error.code });
  }
  throw new Misuse('notAFolder', { path, code: 'ENOTDIR' });
}

/**
 * Runs the command.
 * @param {string[]} args what follows `migrate`
 * @param {{env?: Record<string, string | undefined>, print?: (text: string) => void, complain?: (text: string) => void}} [around]
 * @returns {number} the exit code: 0, 1 if a file was left alone, 2 for wrong options
 */
export function migrate(args, { env = process.env, print = console.log, complain = console.error } = {}) {
  let speak = speaker(languageOf(undefined, env));
  try {
    const { values, positionals } = optionsOf(args);
    if (['ko', 'en'].includes(values.lang)) speak = speaker(values.lang);
    if (values.help) {
      print(speak.say('usage'));
      return 0;
    }
    const root = check(values, positionals);
    const result = examine(root, values.server.replace(/\/+$/, ''));
    const written = values.write ? write(root, result.changes, result.alone) : undefined;
    for (const text of report(result, written, speak)) print(text);
    return result.alone.length ? 1 : 0;
  } catch (error) {
    if (!(error instanceof Misuse)) throw error;
    complain(`kakaowasm migrate: ${speak.say(error.name, error.details)}`);
    return 2;
  }
}
