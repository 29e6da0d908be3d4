// Cuts a toolchain's wasm_exec.js to what one program uses of it.

import ts from 'typescript';

/** How often each name is written in a tree. */
function countNames(root) {
  const counts = new Map();
  const visit = (node) => {
    if (ts.isIdentifier(node)) counts.set(node.text, (counts.get(node.text) ?? 0) + 1);
    ts.forEachChild(node, visit);
  };
  visit(root);
  return counts;
}

const nameOf = (node) => (node.name && (ts.isStringLiteral(node.name) || ts.isIdentifier(node.name)) ? node.name.text : undefined);

/** Whether a statement declares one function, in a constant, that nobody calls. */
function isUnusedFunction(node, counts) {
  if (!ts.isVariableStatement(node) || node.declarationList.declarations.length !== 1) return false;
  const [{ name, initializer }] = node.declarationList.declarations;
  return ts.isIdentifier(name) && initializer && ts.isArrowFunction(initializer) && counts.get(name.text) === 1;
}

/** Whether a node is a method whose name is written nowhere else. */
const isUnusedMethod = (node, counts) => ts.isMethodDeclaration(node) && counts.get(nameOf(node)) === 1;

/**
 * @param {string} source the toolchain's wasm_exec.js
 * @param {{module: string, name: string}[]} imports what the program imports
 * @returns {string} the same without the functions that the program does not import, and without what only those used
 */
export function cutGlue(source, imports) {
  const modules = new Set(imports.map(({ module }) => module));
  const wanted = new Set(imports.map(({ name }) => name));
  const isForeign = (node) => {
    if (!ts.isPropertyAssignment(node) && !ts.isMethodDeclaration(node)) return false;
    const { parent } = node;
    return ts.isObjectLiteralExpression(parent) && ts.isPropertyAssignment(parent.parent)
      && modules.has(nameOf(parent.parent)) && !wanted.has(nameOf(node));
  };
  let file = ts.createSourceFile('wasm_exec.js', source, ts.ScriptTarget.ES2022, true, ts.ScriptKind.JS);
  const printer = ts.createPrinter({ removeComments: true });
  for (let before = Infinity; file.text.length < before;) {
    before = file.text.length;
    const counts = countNames(file);
    const drop = (node) => isForeign(node) || isUnusedFunction(node, counts) || isUnusedMethod(node, counts);
    const { transformed: [cut] } = ts.transform(file, [(context) => (root) => {
      const visit = (node) => (drop(node) ? undefined : ts.visitEachChild(node, visit, context));
      return ts.visitNode(root, visit);
    }]);
    file = ts.createSourceFile('wasm_exec.js', printer.printFile(cut), ts.ScriptTarget.ES2022, true, ts.ScriptKind.JS);
  }
  return file.text;
}
