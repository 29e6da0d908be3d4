// The types of the ES module, which are those of the CommonJS module.
export { KakaoProvider, LoginButton, useKakao, useKakaoUser } from './react.js';
export type * from './react.js';
