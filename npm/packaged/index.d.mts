// The types of the ES modules. They are those of the CommonJS modules, so that a program that uses both has one of each.
export { Kakao, Kakao as default } from './index.js';
export type * from './index.js';
export as namespace kakaowasm;
