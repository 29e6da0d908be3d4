// The types of the ES module, which are those of the CommonJS module.
export { getSession, KakaoServerError, verifySessionToken } from './server.js';
export type * from './server.js';
