// Holds the shim's functions against the types that pages are given: the same names, nothing more, nothing less.

import type { newAPI } from './api.js';
import type { newAuth } from './auth.js';
import type { KakaoAPI, KakaoAuth } from './index.d.ts';

type Same<A, B> = [keyof A, keyof B] extends [keyof B, keyof A] ? true : [Exclude<keyof A, keyof B>, Exclude<keyof B, keyof A>];

export const auth: Same<ReturnType<typeof newAuth>, KakaoAuth> = true;
export const api: Same<ReturnType<typeof newAPI>, KakaoAPI> = true;
