// What the set-ups of test runners share.

import { createEmulator } from './index.js';

/**
 * Starts an emulator for the tests of a file and returns to its start state before each of them.
 * @param {{beforeAll: Function, beforeEach: Function, afterAll: Function}} hooks those of the test runner
 * @param {import('./index.js').EmulatorOptions} [options]
 * @returns {import('./index.js').Emulator} filled once the first test begins
 */
export function kakaoHooks({ beforeAll, beforeEach, afterAll }, options) {
  let running;
  beforeAll(async () => { running = await createEmulator(options); }, 60_000);
  beforeEach(() => running.reset());
  afterAll(() => running?.close());
  return new Proxy({}, {
    get(_, name) {
      if (name === 'then') return undefined; // it is no promise
      if (!running) throw new Error('the emulator runs while the tests do: use it within a test or hook');
      return running[name];
    },
  });
}
