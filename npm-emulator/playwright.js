// Fixtures for Playwright: an emulator for each worker, a world for each test.

import { expect, test as base } from '@playwright/test';
import { createEmulator } from './index.js';
import { refusals } from './world.js';

let count = 0;

export { expect };

export const test = base.extend({
  kakaoOptions: [{}, { scope: 'worker', option: true }],

  kakaoEmulator: [async ({ kakaoOptions }, use) => {
    const emulator = await createEmulator(kakaoOptions);
    await use(emulator);
    await emulator.close();
  }, { scope: 'worker' }],

  kakao: async ({ kakaoEmulator }, use, info) => {
    count += 1;
    const world = await kakaoEmulator.world(`test-${info.workerIndex}-${count}-${process.pid}`);
    await use(world);
    if (info.status !== info.expectedStatus) {
      const calls = await world.calls();
      const refused = refusals(calls);
      if (refused) await info.attach('what Kakao refused', { body: refused, contentType: 'text/plain' }); // reporters print it
      await info.attach('kakao-calls.json', { body: JSON.stringify(calls, null, 2), contentType: 'application/json' });
    }
    await world.close();
  },
});
