// The ES module with the wasm inside. Importing it touches nothing of the browser.

import { createKakao } from './index.js';
import { compile } from './inline.js';

const Kakao = createKakao(compile);
export { Kakao };
export default Kakao;
