'use strict'; // the bundle is no module, and writing to a page's frozen object must fail

// The script tag: one file with the wasm inside, which puts Kakao where the legacy SDK put it: into the
// global and, for who asks, into a CommonJS or AMD module, all of them the same object.

import { createKakao } from './kakao.js';
import { compile } from './inline.js';

const isCommonJS = typeof exports === 'object' && typeof module !== 'undefined';
const page = /** @type {any} */ (typeof window === 'object' ? window : {});
const script = page.document?.currentScript; // or what the page's HTML has under that name
const dataset = page.HTMLScriptElement && script instanceof page.HTMLScriptElement ? script.dataset : undefined;
page.Kakao = createKakao(compile, dataset, isCommonJS ? Object.assign(exports, page.Kakao) : page.Kakao);

if (!isCommonJS && typeof define === 'function' && define.amd) define(['exports'], (_exports) => page.Kakao);

if (typeof page.kakaoAsyncInit === 'function') setTimeout(() => page.kakaoAsyncInit());
