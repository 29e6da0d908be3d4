// The types of the ES module, which are those of the CommonJS module.
export { createFakeKakao, Kakao, Kakao as default } from './testing.js';
export type * from './testing.js';
