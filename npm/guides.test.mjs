// Tests that the code of the guides is that of the examples, which are tested: every block stands in the file that the line
// above it names.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { root } from './packing.mjs';

const GUIDES = ['react', 'server-side', 'svelte', 'vue'];

/** The code blocks of a guide, each with the file that it says it is from. */
async function blocks(name) {
  const text = await readFile(join(root, 'docs', name), 'utf8');
  const marked = [...text.matchAll(/<!-- (examples\/\S+) -->\n```\w+\n([^]*?)\n```/g)].map(([, file, code]) => ({ file, code }));
  const all = [...text.matchAll(/^```(?!sh)\w+$/gm)].length;
  assert.equal(marked.length, all, `a block of docs/${name} does not say which file of the examples it is from`);
  return marked;
}

for (const guide of GUIDES) {
  for (const name of [`${guide}.md`, `${guide}.ko.md`]) {
    test(`the code of docs/${name} is that of the examples`, async () => {
      for (const { file, code } of await blocks(name)) {
        const source = await readFile(join(root, file), 'utf8');
        assert.ok(source.includes(code), `docs/${name} differs from ${file}:\n${code}`);
      }
    });
  }

  test(`docs/${guide}.md has the same code in both languages`, async () => {
    assert.deepEqual(await blocks(`${guide}.ko.md`), await blocks(`${guide}.md`));
  });
}
