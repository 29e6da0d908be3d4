// What one file has to do with Kakao: scripts that it loads, parts that it uses, what a person must decide.

import { parseExpression } from '@babel/parser';
import { readPage } from './html.mjs';
import { isCopyOfOfficialScript, isOfficialScript, isOurScript, isPieceOfOfficialScript, MENTIONS, TYPES, WRAPPER } from './official.mjs';
import { readProgram, treeOf } from './script.mjs';
import { LeftAlone } from './text.mjs';

/** @typedef {{start: number, end: number}} Span of a text, in UTF-16 code units */

/** What was found in a file. Places are offsets in its text. */
export class Findings {
  /** Script elements with an official SDK. */
  tags = [];
  /** Addresses of an official SDK in programs: {start, end, quote, pins}. */
  addresses = [];
  /** Calls of Kakao.init with one argument: where a second one goes. */
  inits = [];
  /** Edits that hold whatever else the project has: {start, end, text}. */
  edits = [];
  /** What a person must decide: {what, start, details}. */
  decisions = [];
  /** Content-Security-Policies: {text, start}. */
  policies = [];
  /** Parts of Kakao that are used: 'Auth', 'Share'. Functions of them too: 'Auth.login'. */
  uses = new Set();
  /** Whether the file loads kakaowasm already, or has its global types. */
  ours = false;

  decide(what, start, details = {}) {
    this.decisions.push({ what, start, details });
  }

  /** The report of a program that begins at an offset of the file. */
  program(offset) {
    const move = ({ start, end }) => ({ start: start + offset, end: end + offset });
    const found = this;
    return {
      load: ({ quote, pins, ...span }) => found.addresses.push({ ...move(span), quote, pins: pins.map(move) }),
      decide: (what, start, details) => found.decide(what, start + offset, details),
      init: ({ end, count }) => { if (count === 1) found.inits.push(end + offset); },
      policy: (text, start) => found.policies.push({ text, start: start + offset }),
      request: (url, start) => found.requests.push({ url, start: start + offset }),
      use(part, path, start) {
        found.uses.add(part).add(path);
        if (/^(?:Share|Link|Channel|PlusFriend|Story|Navi|Picker)\b/.test(path)) found.decide('stays', start + offset, { part });
      },
      set ours(value) { found.ours ||= value; },
    };
  }

  /** Addresses given to Kakao.API.request: {url, start}. */
  requests = [];
}

function findInProgram(code, language, template, offset, found) {
  if (!MENTIONS.test(code)) return;
  let root;
  try {
    root = treeOf(code, language, template);
  } catch (error) {
    if (error instanceof RangeError) throw error;
    throw new LeftAlone('syntax', { offset: offset + (error.pos ?? 0) });
  }
  readProgram(code, root, found.program(offset));
}

/** What is in an attribute is not worth leaving a page alone for. */
function findInHandler({ code, start }, found) {
  try {
    findInProgram(code, 'js', true, start, found);
  } catch {
    // An expression of a template language, or of a component.
  }
}

function findInPage(text, component) {
  const found = new Findings();
  const { tags, programs, handlers } = readPage(text, component);
  for (const tag of tags) lookAtTag(tag, found);
  for (const { start, end, language, template } of programs) findInProgram(text.slice(start, end), language, template, start, found);
  const { inits, addresses } = found;
  for (const handler of handlers) findInHandler(handler, found);
  found.inits = inits.filter((end) => programs.some((program) => program.start <= end && end <= program.end));
  found.addresses = addresses.filter(({ start }) => programs.some((program) => program.start <= start && start < program.end));
  return found;
}

function lookAtTag(tag, found) {
  const { src, content } = tag.attributes;
  if (tag.name === 'meta') {
    if (/^content-security-policy/i.test(tag.attributes['http-equiv']?.value ?? '') && content) found.policies.push({ text: content.value, start: tag.start });
    return;
  }
  if (!src) return;
  if (isOfficialScript(src.value)) found.tags.push(tag);
  else if (isPieceOfOfficialScript(src.value)) found.decide('address', tag.start);
  else if (isOurScript(src.value)) found.ours = true;
  else if (isCopyOfOfficialScript(src.value)) found.decide('localCopy', tag.start);
}

const REFERENCE = /^([ \t]*\/\/\/\s*<reference\s+types=["'])kakao-js-sdk(["']\s*\/>)/gm;

function findInScript(text, name) {
  const found = new Findings();
  findInProgram(text, /\.(\w+)$/.exec(name)[1], false, 0, found);
  const declares = /\.d\.[cm]?ts$/.test(name);
  for (const reference of text.matchAll(REFERENCE)) {
    const start = reference.index + reference[1].length;
    found.edits.push({ start, end: start + TYPES.length, text: 'kakaowasm' });
    const after = reference.index + reference[0].length;
    const eol = text.includes('\r\n') ? '\r\n' : '\n';
    if (declares) found.edits.push({ start: after, end: after, text: `${eol}import Kakao = kakaowasm.Kakao;` });
    else found.decide('bareTypes', reference.index);
  }
  if (declares && /\bkakaowasm\.Kakao\b/.test(text)) found.ours = true;
  return found;
}

const membersOf = (node) => (node?.type === 'ObjectExpression' ? node.properties : []);
const memberOf = (node, name) => membersOf(node).find(({ key }) => key?.value === name);

function objectIn(text) {
  try {
    return parseExpression(text, { errorRecovery: true });
  } catch (error) {
    throw new LeftAlone('syntax', { offset: error.pos ?? 0 });
  }
}

const DEPENDENCIES = ['dependencies', 'devDependencies', 'peerDependencies', 'optionalDependencies'];

/** A member of an object with one comma of those around it. */
function withComma(text, { start, end }) {
  const after = /^\s*,/.exec(text.slice(end));
  if (after) return { start, end: end + after[0].length + /^\s*/.exec(text.slice(end + after[0].length))[0].length };
  return { start: start - /,?\s*$/.exec(text.slice(0, start))[0].length, end };
}

function findInManifest(text, _, version) {
  const found = new Findings();
  const root = objectIn(text);
  const lists = DEPENDENCIES.map((name) => memberOf(root, name)?.value).filter(Boolean);
  let has = lists.some((list) => memberOf(list, 'kakaowasm'));
  for (const list of lists) {
    const types = memberOf(list, `@types/${TYPES}`);
    if (types) {
      found.edits.push(has ? { ...withComma(text, types), text: '' } : { start: types.start, end: types.end, text: `"kakaowasm": "^${version}"` });
      has = true;
    }
    const wrapper = memberOf(list, WRAPPER);
    if (wrapper) found.decide('wrapper', wrapper.start);
  }
  return found;
}

function findInCompilerOptions(text) {
  const found = new Findings();
  const types = memberOf(memberOf(objectIn(text), 'compilerOptions')?.value, 'types')?.value;
  for (const element of types?.elements ?? []) {
    if (element?.value === TYPES) found.edits.push({ start: element.start, end: element.end, text: '"kakaowasm"' });
  }
  return found;
}

function findInHeaders(text) {
  const found = new Findings();
  for (const { index } of text.matchAll(/content-?security-?policy/gi)) {
    const end = text.indexOf('\n', index);
    const line = text.slice(index, end < 0 ? undefined : end);
    if (/-src\b/.test(line)) found.policies.push({ text: line, start: index });
  }
  return found;
}

const READERS = {
  page: (text) => findInPage(text, false),
  component: (text) => findInPage(text, true),
  script: findInScript,
  manifest: findInManifest,
  tsconfig: findInCompilerOptions,
  headers: findInHeaders,
};

/**
 * What a file has to do with Kakao.
 * @param {string} kind of folder.js
 * @param {string} name of the file
 * @param {string} text
 * @param {string} version of kakaowasm
 * @returns {Findings}
 * @throws {LeftAlone} 'syntax' with the offset of what cannot be read
 */
export const find = (kind, name, text, version) => READERS[kind](text, name, version);
