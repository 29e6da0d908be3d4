'use strict'; // the bundle is no module, and writing to a page's frozen object must fail

// The script tag: one file with the wasm inside, which puts Kakao where the legacy SDK put it: into the
// global or, for who asks, into a CommonJS or AMD module.

import { takeAnswer } from './answer.js';
import { createKakao } from './kakao.js';
import { compile } from './inline.js';
import { own } from './settings.js';

takeAnswer();

const page = /** @type {any} */ (typeof window === 'object' ? window : globalThis); // a worker hears from init what it lacks

/**
 * Whether a name of the global scope is that of an element of the page. A window inherits those; what a program has
 * declared is the window's own, or is in a scope of its own.
 * @param {string} name
 * @param {unknown} value
 */
const isElement = (name, value) => page[name] === value && own(page, name) !== value;

const isCommonJS = typeof exports === 'object' && typeof module !== 'undefined' && !isElement('exports', exports);
// By the getter itself: an image of the page may have that name.
const script = page.Document && Object.getOwnPropertyDescriptor(page.Document.prototype, 'currentScript')?.get?.call(page.document);
const dataset = page.HTMLScriptElement && script instanceof page.HTMLScriptElement ? script.dataset : undefined;

const putGlobal = () => { page.Kakao = createKakao(compile, dataset, own(page, 'Kakao')); };

/**
 * A module is also its own default export, for programs that import it.
 * @param {any} exported
 */
function fill(exported) {
  Object.defineProperty(exported, 'default', { value: createKakao(compile, dataset, exported), configurable: true });
}

// As the legacy SDK, a module leaves no global; but a define that runs what it is given at once, which no
// module loader does, is taken for a script tag.
if (isCommonJS) {
  fill(exports);
} else if (typeof define === 'function' && define.amd) {
  let atOnce = true;
  define(['exports'], (exported) => {
    fill(exported);
    if (atOnce) putGlobal();
  });
  atOnce = false;
} else {
  putGlobal();
}

if (typeof page.kakaoAsyncInit === 'function') setTimeout(() => page.kakaoAsyncInit());
