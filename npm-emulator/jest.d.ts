import type { Emulator, EmulatorOptions } from './index.js';

/** An emulator for the tests of this file, in its start state before each of them. */
export function useKakao(options?: EmulatorOptions): Emulator;
