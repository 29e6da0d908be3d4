import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import { kakaoHooks } from './hooks.js';

const hooks = {
  beforeAll, beforeEach, afterAll,
  afterEach: (told) => afterEach(({ task }) => told(task.result?.state === 'fail')),
};

/** An emulator for the tests of this file, in its start state before each of them. */
export const useKakao = (options) => kakaoHooks(hooks, options);
