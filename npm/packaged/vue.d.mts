// The types of the ES module, which are those of the CommonJS module.
export { createKakao, LoginButton, useKakao, useKakaoUser } from './vue.js';
export type * from './vue.js';
