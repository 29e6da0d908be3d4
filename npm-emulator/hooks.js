// What the set-ups of test runners share.

import { createEmulator } from './index.js';
import { refusals } from './world.js';

/**
 * Starts an emulator for the tests of a file and returns to its start state before each of them. A test
 * that fails says what Kakao refused meanwhile.
 * @param {{beforeAll: Function, beforeEach: Function, afterEach: (told: (failed: boolean) => Promise<void>) => void, afterAll: Function}} hooks
 *   those of the test runner; what is given to `afterEach` wants to know whether the test has failed
 * @param {import('./index.js').EmulatorOptions} [options]
 * @returns {import('./index.js').Emulator} filled once the first test begins
 */
export function kakaoHooks({ beforeAll, beforeEach, afterEach, afterAll }, options) {
  let running;
  beforeAll(async () => { running = await createEmulator(options); }, 60_000);
  beforeEach(async () => { await running.reset(); });
  afterEach(async (failed) => {
    const refused = failed && refusals(await running.calls());
    if (refused) console.error(`what Kakao refused:\n${refused}`);
  });
  afterAll(() => running?.close());
  return new Proxy({}, {
    get(_, name) {
      if (name === 'then') return undefined; // it is no promise
      if (!running) throw new Error('the emulator runs while the tests do: use it within a test or hook');
      return running[name];
    },
  });
}
