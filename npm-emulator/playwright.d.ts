import type { PlaywrightTestArgs, PlaywrightTestOptions, PlaywrightWorkerArgs, PlaywrightWorkerOptions, TestType } from '@playwright/test';
import type { Emulator, EmulatorOptions, World } from './index.js';

export { expect } from '@playwright/test';

/**
 * Playwright's test with `kakao`: a world of its own for each test, so that tests run in parallel. A test that fails
 * names what Kakao refused, and has the calls attached, without secrets.
 */
export const test: TestType<
  PlaywrightTestArgs & PlaywrightTestOptions & { kakao: World },
  PlaywrightWorkerArgs & PlaywrightWorkerOptions & {
    /** How the emulator of a worker is started; set it in `use` of the configuration. */
    kakaoOptions: EmulatorOptions;
    kakaoEmulator: Emulator;
  }
>;
