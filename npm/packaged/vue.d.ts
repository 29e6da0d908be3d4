// The types of kakaowasm/vue.

import type { ComputedRef, DefineComponent, Plugin } from 'vue';
import type { KakaoCalls, KakaoFailure, KakaoSettings, KakaoUser } from './entrance.js';
import type { AuthButtonSize, AuthLanguage, Kakao, LoginSettings } from './index.js';

export type { KakaoFailure, KakaoSettings, KakaoStatus } from './entrance.js';

/**
 * Makes the plugin, for `app.use`. In a browser it starts the SDK; on a server nothing. An error of `Kakao.init` is no exception:
 * `error` of the composables has it, and the console.
 */
export function createKakao(settings: KakaoSettings): Plugin<[]>;

/**
 * The SDK itself.
 * @throws {Error} without the plugin
 */
export function useKakao(): {
  /** `Kakao.Auth` and `Kakao.API` are there once `ready` is true. */
  Kakao: Kakao;
  /** Whether `Kakao.init` has run; false on a server. */
  ready: ComputedRef<boolean>;
  /** What went wrong last. */
  error: ComputedRef<KakaoFailure | null>;
};

/** Who is logged in, each as a ref: {@link KakaoUser} says what they are. */
export interface KakaoUserRefs extends KakaoCalls {
  status: ComputedRef<KakaoUser['status']>;
  user: ComputedRef<KakaoUser['user']>;
  pending: ComputedRef<KakaoUser['pending']>;
  error: ComputedRef<KakaoUser['error']>;
}

/**
 * Who is logged in, in every tab the same.
 * @throws {Error} without the plugin
 */
export function useKakaoUser(): KakaoUserRefs;

/** What the login button takes beside what a button takes. */
export interface LoginButtonProps {
  /** The settings of its logins, such as `{ scope: 'account_email' }`. */
  settings?: LoginSettings | undefined;
  /** The language of the label; 'kr' if left out. */
  lang?: AuthLanguage | undefined;
  /** 30, 45 or 60 pixels high; 'medium' if left out. */
  size?: AuthButtonSize | undefined;
}

/**
 * Kakao's login button after its design guide. A click logs in, unless a listener prevents the default. The default slot stands in
 * place of the label; the symbol stays.
 */
export const LoginButton: DefineComponent<LoginButtonProps>;
