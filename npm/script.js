'use strict'; // the bundle is no module, and writing to a page's frozen object must fail

// The script tag: one file with the wasm inside, which puts Kakao where the legacy SDK put it: into the
// global and, for who asks, into a CommonJS or AMD module, all of them the same object.

import { takeAnswer } from './answer.js';
import { createKakao } from './kakao.js';
import { compile } from './inline.js';
import { own } from './settings.js';

takeAnswer();

const page = /** @type {any} */ (typeof window === 'object' ? window : {});

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
const before = own(page, 'Kakao');
page.Kakao = createKakao(compile, dataset, isCommonJS ? Object.assign(exports, before) : before);

if (!isCommonJS && typeof define === 'function' && define.amd) define(['exports'], (_exports) => page.Kakao);

if (typeof page.kakaoAsyncInit === 'function') setTimeout(() => page.kakaoAsyncInit());
