// From what was found in all files to the new text of one.

import MagicString from 'magic-string';
import { STAYS, MOVES } from './official.mjs';

/**
 * What the files of a project say together.
 * @param {Iterable<import('./find.mjs').Findings>} all
 * @param {string} server address of the token server, as data-server has it
 * @param {string} version of kakaowasm
 */
export function projectOf(all, server, version) {
  const files = [...all];
  const uses = new Set(files.flatMap((found) => [...found.uses]));
  const stays = [...STAYS].filter((part) => uses.has(part));
  const moves = [...MOVES].some((part) => uses.has(part));
  return {
    server, script: `${server}/sdk/${version}/kakao.js`, uses, stays,
    /** Pages that only share, say, need nothing of ours. */
    migrates: moves || !stays.length,
    /** The official script stays, and ours comes after it. */
    keeps: moves && stays.length > 0,
    /** Where no script element names the token server, init must. */
    tellsServer: server !== '/kakao' && files.some((found) => found.addresses.length > 0),
  };
}

/** White space before an attribute belongs to it. */
const withSpace = (text, { start, end }) => ({ start: start - /\s*$/.exec(text.slice(0, start))[0].length, end });

function replaceTag(edited, text, tag, project) {
  const { src, integrity, crossorigin } = tag.attributes;
  const quote = /^[^=]*=\s*(['"]?)/.exec(text.slice(src.start, src.end))[1] || '"';
  const server = tag.attributes['data-server'] ? '' : ` data-server=${quote}${project.server}${quote}`;
  edited.overwrite(src.start, src.end, `src=${quote}${project.script}${quote}${server}`);
  for (const pin of [integrity, crossorigin]) {
    if (!pin) continue;
    const span = withSpace(text, pin);
    edited.remove(span.start, span.end);
  }
}

function addTag(edited, text, tag, project) {
  const { defer, nonce } = tag.attributes;
  const copied = [defer, nonce].filter(Boolean).map(({ start, end }) => ` ${text.slice(start, end)}`).join('');
  const [, indent] = /(?:^|\n)([ \t]*)$/.exec(text.slice(0, tag.start)) ?? [];
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  const before = indent === undefined ? '' : `${eol}${indent}`;
  edited.appendLeft(tag.end, `${before}<script src="${project.script}" data-server="${project.server}"${copied}></script>`);
}

function replaceAddress(edited, { start, end, quote, pins }, project) {
  edited.overwrite(start, end, `${quote}${project.script}${quote}`);
  for (const pin of pins) edited.remove(pin.start, pin.end);
}

/**
 * The new text of a file.
 * @param {string} text
 * @param {import('./find.mjs').Findings} found
 * @param {ReturnType<typeof projectOf>} project
 * @returns {string} the same text if there is nothing to change
 */
export function edit(text, found, project) {
  const edited = new MagicString(text);
  for (const { start, end, text: other } of found.edits) {
    if (start === end) edited.appendLeft(start, other);
    else edited.update(start, end, other);
  }
  if (project.migrates && !found.ours) {
    for (const tag of found.tags) {
      if (!project.keeps) replaceTag(edited, text, tag, project);
      else if (!tag.attributes.async) addTag(edited, text, tag, project);
    }
  }
  if (project.migrates && !project.keeps) for (const address of found.addresses) replaceAddress(edited, address, project);
  if (project.tellsServer) for (const end of found.inits) edited.appendLeft(end, `, { server: '${project.server}' }`);
  return edited.toString();
}
