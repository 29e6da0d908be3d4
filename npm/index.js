// The ES module with the wasm inside. Importing it takes the answer to a login out of the
// page's address, before a router can; it touches nothing else of the browser, and on a server nothing.

import { takeAnswer } from './answer.js';
import { createKakao } from './kakao.js';
import { compile } from './inline.js';

takeAnswer();

const Kakao = createKakao(compile);

/** There is nothing to load; for code that may also run with the lite build. */
Kakao.load = async () => Kakao;

export { Kakao };
export default Kakao;
