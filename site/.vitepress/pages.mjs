// Which page of the site a file of the repository is.

import { copyFileSync, existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));
const REPOSITORY = 'https://github.com/kakaowasm/kakaowasm/blob/main/';

/** Folders with documents, and the documents and pictures in them that the site shows. */
const FOLDERS = ['.', 'docs', 'npm-cli', 'npm-emulator', 'examples'];
const SHOWN = /^(?:docs\/[\w-]+(?:\.ko)?\.md|docs\/[\w-]+\.(?:svg|json)|(?:README(?:\.ko)?|SECURITY|CONTRIBUTING|CHANGELOG|SUPPORT)\.md|(?:npm-cli|npm-emulator|examples)\/README\.md)$/;

const inKorean = (file) => file.replace(/\.md$/, '.ko.md');

/**
 * The address of a file's page, below the base: Korean at the root, English below /en. What has no Korean text is in
 * both, so that nobody loses the menu.
 * @param {string} file relative to the repository, such as docs/sdk.ko.md
 * @param {'ko' | 'en'} language of the page that leads there
 * @returns {string} such as /sdk
 */
export function pageOf(file, language) {
  const [, name, korean] = /^(.*?)(\.ko)?\.md$/.exec(file);
  const isRoot = korean || (language === 'ko' && !existsSync(join(root, inKorean(file))));
  return `${isRoot ? '' : '/en'}/${name.replace(/^docs\//, '').replace(/(^|\/)README$/, '').toLowerCase()}`;
}

/** The same as files of the site, in both languages. */
function sourcesOf(file) {
  if (file.endsWith('.json')) return [`public/${posix.basename(file)}`]; // served as it is, below the base
  if (!file.endsWith('.md')) return [posix.basename(file), `en/${posix.basename(file)}`];
  const pages = new Set(['ko', 'en'].map((language) => pageOf(file, language).slice(1)));
  return [...pages].map((page) => (page === '' || page.endsWith('/') ? `${page}index.md` : `${page}.md`));
}

/**
 * Copies the documents to where their pages are. VitePress could do that by rewrites, but its search knows a page's
 * language by the file's own path.
 * @param {string} folder
 * @returns {Map<string, string>} files of the repository by those of the site
 */
export function copyPages(folder) {
  rmSync(folder, { recursive: true, force: true });
  const files = FOLDERS.flatMap((each) => readdirSync(join(root, each)).map((name) => posix.join(each, name))).filter((file) => SHOWN.test(file));
  return new Map(files.flatMap((file) => sourcesOf(file).map((source) => {
    mkdirSync(dirname(join(folder, source)), { recursive: true });
    copyFileSync(join(root, file), join(folder, source));
    return [source, file];
  })));
}

/**
 * A link of a file, as it is on the site: to a page, or to the repository.
 * @param {string} from the file with the link
 * @param {'ko' | 'en'} language of the page
 * @param {string} href
 */
export function linkOnSite(from, language, href) {
  if (/^(?:[a-z]+:|#|\/)/.test(href)) return href;
  const [path, anchor] = href.split('#');
  const file = posix.join(dirname(from), decodeURI(path));
  if (file.endsWith('.json') && SHOWN.test(file)) return `/${posix.basename(file)}`;
  const target = SHOWN.test(file) && existsSync(join(root, file)) ? pageOf(file, language) : REPOSITORY + file;
  return anchor === undefined ? target : `${target}#${anchor}`;
}
