// Which files of a folder are looked at.

import { readdirSync } from 'node:fs';
import { join } from 'node:path';

/** Folders that hold what others wrote, or what a build made. */
const SKIPPED = new Set(['node_modules', 'bower_components', '.git', '.hg', '.svn', 'dist', 'build', 'out', 'target', 'coverage', 'vendor',
  '.next', '.nuxt', '.output', '.svelte-kit', '.astro', '.cache', '.parcel-cache', '.turbo', '.vercel', '.netlify', 'storybook-static']);

/** The kind of a file by its name. */
const KINDS = [
  { kind: 'component', names: /\.(?:vue|svelte|astro)$/i },
  { kind: 'page', names: /\.(?:html?|xhtml|jspf?|tagf?|php|phtml|aspx?|cshtml|ejs|hbs|handlebars|mustache|erb|twig|ftlh?|njk|liquid|tmpl|gohtml)$/i },
  { kind: 'script', names: /\.[cm]?[jt]sx?$/i },
  { kind: 'manifest', names: /^package\.json$/ },
  { kind: 'tsconfig', names: /^(?:tsconfig|jsconfig)[\w.-]*\.json$/ },
  { kind: 'headers', names: /^(?:_headers|\.htaccess|vercel\.json|netlify\.toml|firebase\.json)$|\.(?:conf|java|kt)$/ },
];

/** @returns {string | undefined} what a file is read as, undefined if it is not */
export const kindOf = (name) => KINDS.find(({ names }) => names.test(name))?.kind;

/**
 * The files below a folder, in a steady order. Symbolic links are not followed.
 * @param {string} root
 * @param {(path: string, error: Error) => void} unreadable hears of folders that cannot be listed
 * @returns {Generator<{path: string, kind: string}>} paths are relative to root, with slashes
 */
export function* filesOf(root, unreadable, below = '') {
  let entries;
  try {
    entries = readdirSync(join(root, below), { withFileTypes: true });
  } catch (error) {
    unreadable(below || '.', error);
    return;
  }
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = below ? `${below}/${entry.name}` : entry.name;
    if (entry.isDirectory() && !SKIPPED.has(entry.name)) yield* filesOf(root, unreadable, path);
    const kind = entry.isFile() && kindOf(entry.name);
    if (kind) yield { path, kind };
  }
}
