// The types of the ES module, which are those of the CommonJS module.
export { createKakao } from './svelte.js';
export type * from './svelte.js';
