// The ES module with the wasm inside. Importing it touches nothing of the browser.

import { createKakao } from './kakao.js';
import { compile } from './inline.js';

const Kakao = createKakao(compile);

/** There is nothing to load; for code that may also run with the lite build. */
Kakao.load = async () => Kakao;

export { Kakao };
export default Kakao;
