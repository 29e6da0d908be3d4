// The types of kakaowasm/svelte.

import type { KakaoCalls, KakaoFailure, KakaoSettings, KakaoUser } from './entrance.js';
import type { Kakao } from './index.js';

export type { KakaoFailure, KakaoSettings, KakaoStatus } from './entrance.js';

/** Who is logged in, and whether the SDK has started. */
export interface KakaoState extends Pick<KakaoUser, 'status' | 'user' | 'pending'> {
  /** Whether `Kakao.init` has run; false on a server. */
  ready: boolean;
  /** What went wrong last; null again after the next success. */
  error: KakaoFailure | null;
}

/** A store of Svelte, and what a page calls. */
export interface KakaoStore extends KakaoCalls {
  /** `Kakao.Auth` and `Kakao.API` are there once `ready` is true. */
  Kakao: Kakao;
  /** Calls run with the state and after each change; `$store` in a component does. */
  subscribe(run: (state: KakaoState) => void): () => void;
}

/**
 * Makes the store. The first component that reads it starts the SDK, in a browser. An error of `Kakao.init` is no exception:
 * `error` has it, and the console.
 */
export function createKakao(settings: KakaoSettings): KakaoStore;
