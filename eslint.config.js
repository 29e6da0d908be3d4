// The rules that find faults; formatting is .editorconfig's.

import js from '@eslint/js';

const names = (...list) => Object.fromEntries(list.map((name) => [name, 'readonly']));

const SHARED = names('console', 'setTimeout', 'clearTimeout', 'URL', 'URLSearchParams', 'fetch', 'TextDecoder', 'TextEncoder',
  'AbortController', 'AbortSignal', 'crypto', 'atob', 'btoa', 'WebAssembly', 'queueMicrotask', 'globalThis', 'structuredClone', 'performance');
const BROWSER = names('window', 'document', 'Document', 'location', 'history', 'navigator', 'screen', 'localStorage', 'sessionStorage',
  'BroadcastChannel', 'CustomEvent', 'FormData', 'Blob', 'Element', 'HTMLFormElement', 'reportError', 'Request', 'Response', 'Headers',
  '__KAKAOWASM_VERSION__', '__KAKAOWASM_BYTES__');
const NODE = names('process', 'Buffer', 'setInterval', 'clearInterval', 'setImmediate');

export default [
  { ignores: ['**/dist/**', '**/node_modules/**', 'npm/{packaged,frameworks,types,lite,script}/**', '**/testdata/**', '**/*.cjs'] },
  js.configs.recommended,
  {
    rules: {
      'no-unused-vars': ['error', { argsIgnorePattern: '^_', caughtErrors: 'none' }],
      'no-control-regex': 'off', // the border's fields end with control characters
      'no-shadow-restricted-names': 'error',
      'array-callback-return': 'error',
      'no-self-compare': 'error',
      'no-unreachable-loop': 'error',
      'no-use-before-define': ['error', { functions: false, variables: false }],
      'eqeqeq': ['error', 'always', { null: 'ignore' }],
      'no-eval': 'error',
      'no-implied-eval': 'error',
      'no-var': 'error',
      'prefer-const': 'error',
    },
  },
  { files: ['npm/*.js'], languageOptions: { globals: { ...SHARED, ...BROWSER, ...names('exports', 'module', 'define') } } },
  { files: ['npm/*.mjs', 'tools/*.mjs', 'npm-cli/**/*.mjs', 'site/**/*.mjs', 'site/.vitepress/**/*.mjs'], languageOptions: { globals: { ...SHARED, ...NODE } } },
  { files: ['npm-cli/**/*.js'], languageOptions: { sourceType: 'commonjs', globals: { ...SHARED, ...NODE } } },
  { files: ['site/*.more.mjs'], languageOptions: { globals: { ...BROWSER, ...names('innerWidth') } } }, // of functions that run in pages
  { files: ['npm-cli/bin/*.js'], rules: { 'no-var': 'off' } }, // for the oldest Node.js
  { files: ['npm-cli/migrate/main.mjs'], languageOptions: { globals: names('__VERSION__', '__ADDRESSES__') } },
  { files: ['npm/*.test.mjs'], languageOptions: { globals: { ...BROWSER, ...names('EventTarget', 'MouseEvent') } } }, // which put a browser's names there
];
