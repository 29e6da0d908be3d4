// The parts of a page that matter here, with their places in the text. Pages of template languages and single-file
// components are read as HTML too: their script elements are what a browser, or the compiler, finds as well.

import { parse } from 'parse5';

/** Elements whose content a parser of HTML takes as text, which components may close at once: <textarea /> */
const CLOSED_AT_ONCE = /<(textarea|title|style|script|iframe|xmp|noembed|noframes|noscript|plaintext)(?=[\s/][^<>]*\/>)/gi;

/** A text of the same length in which such elements have another name. */
const openComponent = (text) => text.replace(CLOSED_AT_ONCE, (_, name) => `<${'x'.repeat(name.length)}`);

/** Types of script elements that hold JavaScript, or what is compiled to it. HTML Living Standard, section 4.12.1. */
const JAVASCRIPT = /^(?:|module|text\/babel|text\/typescript|(?:text|application)\/(?:x-)?(?:java|ecma)script)$/i;

const FRONT_MATTER = /^(---\r?\n)([\s\S]*?)\r?\n---(?:\r?\n|$)/;

/** The elements below a node in the order of the document, however deep they are nested. */
function* elementsOf(root) {
  const rest = [root];
  while (rest.length) {
    const node = rest.pop();
    if (node.tagName) yield node;
    for (const children of [node.content?.childNodes, node.childNodes]) {
      for (let i = (children?.length ?? 0) - 1; i >= 0; i--) rest.push(children[i]);
    }
  }
}

/** An element with its attributes as { value, start, end }. */
function tagOf(node) {
  const location = node.sourceCodeLocation;
  if (!location) return undefined; // an element that the parser has added
  const attributes = Object.fromEntries(node.attrs.map(({ name, value }) => {
    const { startOffset, endOffset } = location.attrs[name];
    return [name, { value, start: startOffset, end: endOffset }];
  }));
  const start = location.startTag ?? location;
  return { name: node.tagName, attributes, start: start.startOffset, tagEnd: start.endOffset, end: location.endOffset, closed: Boolean(location.endTag) };
}

/** The JavaScript inside of a script element. */
function programOf(tag, text, component) {
  if (!JAVASCRIPT.test(tag.attributes.type?.value.trim() ?? '') || tag.attributes.src || !tag.closed) return undefined;
  const end = text.lastIndexOf('<', tag.end - 1);
  const language = component ? tag.attributes.lang?.value ?? 'js' : 'js';
  return { start: tag.tagEnd, end, language, template: !component };
}

/**
 * @param {string} text
 * @param {boolean} component whether it is a single-file component
 * @returns {{tags: object[], programs: {start: number, end: number, language: string, template: boolean}[],
 *   handlers: {code: string, start: number}[]}} script and meta elements, the programs inside, and the code in attributes
 */
export function readPage(text, component) {
  const found = { tags: [], programs: [], handlers: [] };
  const frontMatter = component && FRONT_MATTER.exec(text);
  if (frontMatter) found.programs.push({ start: frontMatter[1].length, end: frontMatter[1].length + frontMatter[2].length, language: 'ts', template: false });
  const body = frontMatter ? `${' '.repeat(frontMatter[0].length)}${text.slice(frontMatter[0].length)}` : text;
  const document = parse(component ? openComponent(body) : body, { sourceCodeLocationInfo: true, scriptingEnabled: false });
  for (const node of elementsOf(document)) {
    const tag = tagOf(node);
    if (!tag) continue;
    if (tag.name === 'script' || tag.name === 'meta') found.tags.push(tag);
    if (tag.name === 'script') found.programs.push(programOf(tag, text, component));
    for (const [name, { value, start }] of Object.entries(tag.attributes)) {
      if (/^(?:on|@|v-on:)/.test(name) || /^\s*javascript:/i.test(value)) found.handlers.push({ code: value.replace(/^\s*javascript:/i, ''), start });
    }
  }
  found.programs = found.programs.filter(Boolean);
  return found;
}
