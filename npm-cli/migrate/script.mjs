// What a program does with Kakao, and the edits that it needs, by places in the text.

import { parse as parseProgram } from '@babel/parser';
import { walk } from 'estree-walker';
import { isOfficialScript, isPieceOfOfficialScript, isOurScript, MOVES, STAYS, TYPES, WRAPPER } from './official.mjs';

const BASE = {
  sourceType: 'unambiguous', errorRecovery: true, allowReturnOutsideFunction: true, allowAwaitOutsideFunction: true,
  allowImportExportEverywhere: true, allowNewTargetOutsideFunction: true, allowSuperOutsideMethod: true, allowUndeclaredExports: true,
};

/** The dialects to try, by the ending of a file's name or a script element's lang. */
const DIALECTS = {
  ts: [['typescript', 'decorators-legacy'], ['typescript', 'jsx', 'decorators-legacy']],
  tsx: [['typescript', 'jsx', 'decorators-legacy']],
  js: [['jsx', 'flow', 'decorators-legacy'], ['typescript', 'jsx', 'decorators-legacy']],
};

/** What template languages put into programs, so that they can be read: each becomes a name, or blanks, of the same length. */
const TEMPLATES = [
  { pattern: /<%--[\s\S]*?--%>|<%[^=][\s\S]*?%>|\{%[\s\S]*?%\}|<\?php[\s\S]*?\?>|<\/?(?:c|fmt|fn|s|spring|sec|t|th):[^<>]*>/g, by: ' ' },
  { pattern: /<%=[\s\S]*?%>|<\?=[\s\S]*?\?>|\{\{[\s\S]*?\}\}|[$#]\{[^{}]*\}/g, by: '_' },
];

const blankOut = (text) => TEMPLATES.reduce((result, { pattern, by }) => result.replace(pattern, (found) => found.replace(/[^\r\n]/g, by)), text);

/**
 * The syntax tree of a program.
 * @param {string} code
 * @param {string} language 'js', 'jsx', 'ts', 'tsx' or a variant such as 'mts'
 * @param {boolean} template whether a template language may have its marks in it
 * @returns {object}
 * @throws {SyntaxError} of the parser, with loc
 */
export function treeOf(code, language, template = false) {
  const dialects = DIALECTS[/^[cm]?ts$/.test(language) ? 'ts' : language === 'tsx' ? 'tsx' : 'js'];
  let first;
  for (const text of template ? [code, blankOut(code)] : [code]) {
    for (const plugins of dialects) {
      try {
        return parseProgram(text, { ...BASE, plugins });
      } catch (error) {
        first ??= error;
      }
    }
  }
  throw first;
}

/** A node without what TypeScript puts around it. */
function bare(node) {
  let inner = node;
  while (/^(?:TSAsExpression|TSNonNullExpression|TSTypeAssertion|TSSatisfiesExpression|TypeCastExpression|ParenthesizedExpression)$/.test(inner?.type)) inner = inner.expression;
  return inner;
}

const isMember = (node) => node?.type === 'MemberExpression' || node?.type === 'OptionalMemberExpression';
const isCall = (node) => node?.type === 'CallExpression' || node?.type === 'OptionalCallExpression';
const keyOf = ({ key, computed }) => (computed ? key.value : key?.name ?? key?.value);
const nameOf = ({ property, computed }) => (computed ? property.value : property.name);

/** The text of a literal, undefined for anything else. */
function textOf(node) {
  if (node?.type === 'StringLiteral') return node.value;
  if (node?.type === 'TemplateLiteral' && !node.expressions.length) return node.quasis[0].value.cooked;
  if (node?.type === 'JSXExpressionContainer') return textOf(node.expression);
  return undefined;
}

/** Follows the object Kakao through the names that a program gives to it. */
class Names {
  #paths = new Map([['Kakao', '']]);

  /** The path of a node below Kakao, such as 'Auth.login'; '' is Kakao itself, undefined something else. */
  pathOf(node) {
    const inner = bare(node);
    if (inner?.type === 'Identifier') return this.#paths.get(inner.name);
    if (!isMember(inner)) return undefined;
    const name = nameOf(inner);
    if (name === 'Kakao') return '';
    const above = this.pathOf(inner.object);
    return above === undefined || name === undefined ? undefined : above ? `${above}.${name}` : name;
  }

  declare({ id, init }) {
    const path = this.pathOf(init);
    if (path === undefined) return;
    if (id.type === 'Identifier') this.#paths.set(id.name, path);
    if (id.type !== 'ObjectPattern') return;
    for (const property of id.properties) {
      const name = property.type === 'ObjectProperty' && keyOf(property);
      if (name && property.value.type === 'Identifier') this.#paths.set(property.value.name, path ? `${path}.${name}` : name);
    }
  }
}

const property = (object, name) => object?.properties?.find((each) => each.type === 'ObjectProperty' && keyOf(each) === name);

/** An attribute, or a property, with the white space before it and one of the commas around it. */
function withSeparator(code, { start, end }) {
  const before = /,?\s*$/.exec(code.slice(0, start))[0];
  const after = before.startsWith(',') ? '' : /^(?:\s*,)?/.exec(code.slice(end))[0];
  return { start: start - before.length, end: end + after.length };
}

/** A statement with its line, if nothing else is on that. */
function wholeLine(code, { start, end }) {
  const from = code.lastIndexOf('\n', start - 1) + 1;
  const rest = /^[ \t]*\r?\n/.exec(code.slice(end));
  return rest && !code.slice(from, start).trim() ? { start: from, end: end + rest[0].length } : { start, end };
}

const PINNED = new Set(['integrity', 'crossorigin', 'crossOrigin']);

/** What stands beside the address of a script and holds for that script only: its integrity. */
function pinsBeside(code, parents, root) {
  const around = parents.at(-1)?.type === 'JSXExpressionContainer' ? parents.slice(0, -1) : parents;
  const [holder, place] = [around.at(-2), around.at(-1)];
  if (place?.type === 'JSXAttribute') return holder.attributes.filter((each) => PINNED.has(each.name?.name)).map((each) => withSeparator(code, each));
  if (place?.type === 'ObjectProperty') return holder.properties.filter((each) => PINNED.has(each.key && keyOf(each))).map((each) => withSeparator(code, each));
  if (place?.type === 'AssignmentExpression' && isMember(place.left)) return assignedTo(code, bare(place.left.object), root);
  return [];
}

/** The statements that set the integrity of a script element held by a variable. */
function assignedTo(code, variable, root) {
  const found = [];
  if (variable?.type !== 'Identifier') return found;
  walk(root, {
    enter(node) {
      const { expression } = node;
      if (node.type !== 'ExpressionStatement') return;
      const target = expression.type === 'AssignmentExpression' ? expression.left : isCall(expression) && expression.callee;
      if (!isMember(target) || bare(target.object)?.name !== variable.name) return;
      const name = nameOf(target) === 'setAttribute' ? textOf(expression.arguments?.[0]) : nameOf(target);
      if (PINNED.has(name)) found.push(wholeLine(code, node));
    },
  });
  return found;
}

/** Looks at one kind of node. Each gets the node, its parents, and the report to write to. */
const LOOKS = {
  ImportDeclaration: ({ source, start }, _, report) => {
    if (source.value === WRAPPER) report.decide('wrapper', start);
    if (source.value === TYPES) report.decide('typesImport', start);
  },
  StringLiteral: lookAtText,
  TemplateLiteral: lookAtText,
  MemberExpression: lookAtMember,
  OptionalMemberExpression: lookAtMember,
  CallExpression: lookAtCall,
  OptionalCallExpression: lookAtCall,
  ObjectPattern: (node, _, report) => {
    const token = property(node, 'refresh_token');
    if (token) report.decide('refreshToken', token.start);
  },
};

function lookAtText(node, parents, report) {
  const text = textOf(node);
  if (text === undefined) {
    if (node.quasis.some(({ value }) => isPieceOfOfficialScript(value.raw))) report.decide('address', node.start);
  } else if (isOfficialScript(text)) {
    report.load({ start: node.start, end: node.end, quote: report.code[node.start], pins: pinsBeside(report.code, parents, report.root) });
  } else if (isPieceOfOfficialScript(text) && !/\s/.test(text)) {
    report.decide('address', node.start);
  } else if (isOurScript(text)) {
    report.ours = true;
  }
  const raw = text ?? node.quasis.map(({ value }) => value.raw).join(' ');
  if (/kauth\.kakao\.com\/oauth\/token\b/.test(raw)) report.decide('exchange', node.start);
  if (/kauth\.kakao\.com\/oauth\/authorize\b/.test(raw)) report.decide('ownRequest', node.start);
  if (/\b(?:script|connect|default)-src\b/.test(raw)) report.policy(raw, node.start);
}

function lookAtMember(node, _, report) {
  if (nameOf(node) === 'refresh_token') report.decide('refreshToken', node.property.start);
  const path = report.names.pathOf(node);
  if (!path) return;
  const [part] = path.split('.');
  if (STAYS.has(part) || MOVES.has(part)) report.use(part, path, node.start);
  if (path === 'VERSION') report.decide('version', node.start);
  if (/^Auth\.[gs]etRefreshToken$/.test(path)) report.decide('refreshToken', node.start);
}

/** Arguments of setAccessToken that take the token away. */
const removesToken = (node) => !node || node.type === 'NullLiteral' || node.name === 'undefined' || textOf(node) === '';

function lookAtCall(node, _, report) {
  const path = report.names.pathOf(node.callee);
  const [settings] = node.arguments;
  if (path === 'init') report.init({ end: settings?.end, count: node.arguments.length });
  if (path === 'Auth.issueAccessToken') report.decide('issueAccessToken', node.start);
  if (path === 'Auth.setAccessToken' && !removesToken(settings)) report.decide('setAccessToken', node.start);
  if (/^Auth\.(?:authorize|login|loginForm|createLoginButton)$/.test(path ?? '') && property(settings, 'redirectUri')) report.decide('ownBackEnd', node.start);
  const url = path === 'API.request' && property(settings, 'url');
  if (url && textOf(url.value) !== undefined) report.request(textOf(url.value), url.start);
}

/**
 * Looks through a program.
 * @param {string} code
 * @param {object} root its tree
 * @param {object} report hears of what is found: load, decide, use, init, request, policy
 */
export function readProgram(code, root, report) {
  Object.assign(report, { code, root, names: new Names() });
  walk(root.program, { enter(node) { if (node.type === 'VariableDeclarator') report.names.declare(node); } });
  const parents = [];
  walk(root.program, {
    enter(node) {
      LOOKS[node.type]?.(node, parents, report);
      parents.push(node);
    },
    leave: () => { parents.pop(); },
  });
}
