// The types of kakaowasm/react.

import type { ButtonHTMLAttributes, ForwardRefExoticComponent, ReactElement, ReactNode, RefAttributes } from 'react';
import type { KakaoFailure, KakaoSettings, KakaoUser } from './entrance.js';
import type { AuthButtonSize, AuthLanguage, Kakao, LoginSettings } from './index.js';

export type { KakaoFailure, KakaoSettings, KakaoStatus, KakaoUser } from './entrance.js';

/** The settings of `Kakao.init`. It takes them once for a page: settings that differ later, or in another provider, are an error. */
export interface KakaoProviderProps extends KakaoSettings {
  children?: ReactNode;
}

/**
 * Starts the SDK in the browser, and gives it to the hooks below. An error of `Kakao.init` is no exception: `error` of the hooks
 * has it, and the console.
 */
export function KakaoProvider(props: KakaoProviderProps): ReactElement;

/**
 * The SDK itself.
 * @throws {Error} without a provider above
 */
export function useKakao(): {
  /** `Kakao.Auth` and `Kakao.API` are there once `ready` is true. */
  Kakao: Kakao;
  /** Whether `Kakao.init` has run; false on a server. */
  ready: boolean;
  /** What went wrong last. */
  error: KakaoFailure | null;
};

/**
 * Who is logged in, in every tab the same.
 * @throws {Error} without a provider above
 */
export function useKakaoUser(): KakaoUser;

/** What a button takes, and what a login takes. */
export interface LoginButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  /** The settings of its logins, such as `{ scope: 'account_email' }`. */
  settings?: LoginSettings | undefined;
  /** The language of the label; 'kr' if left out. */
  lang?: AuthLanguage | undefined;
  /** 30, 45 or 60 pixels high; 'medium' if left out. */
  size?: AuthButtonSize | undefined;
  /** In place of the label. The symbol stays, as Kakao's design guide wants it. */
  children?: ReactNode;
}

/** Kakao's login button after its design guide. A click logs in, unless `onClick` prevents the default. */
export const LoginButton: ForwardRefExoticComponent<LoginButtonProps & RefAttributes<HTMLButtonElement>>;
