import { afterAll, afterEach, beforeAll, beforeEach } from '@jest/globals';
import { kakaoHooks } from './hooks.js';

/** What jest-circus, Jest's runner, knows of the running test; Jest tells hooks nothing of it. */
const circus = () => globalThis[Object.getOwnPropertySymbols(globalThis).find(({ description }) => description === 'JEST_STATE_SYMBOL')];

const hooks = {
  beforeAll, beforeEach, afterAll,
  // Under another runner no test counts as failed: then nothing is said.
  afterEach: (told) => afterEach(() => told(circus()?.currentlyRunningTest?.errors.length > 0)),
};

/** An emulator for the tests of this file, in its start state before each of them. */
export const useKakao = (options) => kakaoHooks(hooks, options);
