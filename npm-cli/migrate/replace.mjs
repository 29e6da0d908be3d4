// Puts a file's new content in place of the old one: all of it, or nothing.

import { randomUUID } from 'node:crypto';
import { closeSync, fchmodSync, fsyncSync, openSync, readFileSync, renameSync, rmSync, statSync, writeSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { LeftAlone } from './text.mjs';

/**
 * Replaces a file. Readers see the old content or the new one, whatever happens in between.
 * @param {string} path
 * @param {Buffer | undefined} before what the file held when it was read; undefined for a file that must not be there yet
 * @param {Buffer} after
 * @throws {LeftAlone} 'changed' if the file is another one meanwhile; errors of the file system
 */
export function replace(path, before, after) {
  const temporary = join(dirname(path), `.${basename(path)}.${randomUUID()}.tmp`);
  try {
    writeNew(temporary, after, before && statSync(path).mode);
    if (!(before ? readFileSync(path).equals(before) : isAbsent(path))) throw new LeftAlone('changed');
    renameSync(temporary, path);
  } finally {
    rmSync(temporary, { force: true });
  }
}

function writeNew(path, bytes, mode) {
  const file = openSync(path, 'wx');
  try {
    for (let written = 0; written < bytes.length;) written += writeSync(file, bytes, written);
    if (mode !== undefined) fchmodSync(file, mode);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

const isAbsent = (path) => statSync(path, { throwIfNoEntry: false }) === undefined;
