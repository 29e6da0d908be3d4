import { afterAll, beforeAll, beforeEach } from '@jest/globals';
import { kakaoHooks } from './hooks.js';

/** An emulator for the tests of this file, in its start state before each of them. */
export const useKakao = (options) => kakaoHooks({ beforeAll, beforeEach, afterAll }, options);
