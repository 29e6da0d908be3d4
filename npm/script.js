'use strict'; // the bundle is no module, and writing to a page's frozen object must fail

// The script tag: one file with the wasm inside, which puts Kakao where the legacy SDK put it.

import { createKakao } from './index.js';
import { compile } from './inline.js';

/* global define, exports, module */
if (typeof exports === 'object' && typeof module !== 'undefined') {
  createKakao(compile, {}, exports);
} else {
  window.Kakao = createKakao(compile, document.currentScript?.dataset, window.Kakao);
  if (typeof define === 'function' && define.amd) {
    define(['exports'], (_exports) => window.Kakao);
  }
}

if (typeof window === 'object' && typeof window.kakaoAsyncInit === 'function') {
  setTimeout(() => window.kakaoAsyncInit());
}
