// The table of contents of each guide: before its first section, a list with a link to every section.
//
//   node tools/toc.mjs            checks the guides
//   node tools/toc.mjs --write    writes a list where a guide has none

import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import GithubSlugger from 'github-slugger';

const docs = resolve(fileURLToPath(new URL('.', import.meta.url)), '../docs');

/** Written by programs, which have lists of their own, or one section a code. */
const GENERATED = /^(?:api|errors|http|parity)\b/;

/** A guide with fewer sections is seen at a glance. */
const FEWEST = 3;

/** The sections of a document, with the anchors that GitHub and the site give to them. */
export function sectionsOf(text) {
  const slugger = new GithubSlugger();
  const lines = text.replace(/^(```|~~~)[\s\S]*?^\1/gm, '').split('\n');
  return lines.flatMap((line) => {
    const [, level, title] = /^(#{1,6}) (.*)$/.exec(line) ?? [];
    if (!level) return [];
    const anchor = slugger.slug(title.replace(/`|\[([^\]]*)\]\([^)]*\)/g, '$1'));
    return level.length === 2 ? [{ title, anchor }] : [];
  });
}

const beforeFirstSection = (text) => text.slice(0, text.search(/^## /m));

const listOf = (sections) => sections.map(({ title, anchor }) => `- [${title}](#${anchor})\n`).join('');

const mistakes = [];
for (const name of readdirSync(docs).filter((file) => file.endsWith('.md') && !GENERATED.test(file))) {
  const text = readFileSync(resolve(docs, name), 'utf8');
  const sections = sectionsOf(text);
  if (sections.length < FEWEST) continue;
  const head = beforeFirstSection(text);
  const missing = sections.filter(({ anchor }) => !head.includes(`](#${anchor})`));
  if (missing.length === sections.length && process.argv.includes('--write')) {
    writeFileSync(resolve(docs, name), `${head}${listOf(sections)}\n${text.slice(head.length)}`);
  } else {
    mistakes.push(...missing.map(({ title }) => `docs/${name}: the table of contents lacks "${title}"`));
  }
}
if (mistakes.length) {
  console.error(mistakes.join('\n'));
  process.exitCode = 1;
}
