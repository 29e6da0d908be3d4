// What kakaowasm/react, kakaowasm/vue and kakaowasm/svelte tell a page, the same in each.

import type {
  ApiError, AuthError, AuthErrorCode, InitOptions, Kakao, KakaoError, KakaoErrorCode, LoginSettings, TokenResponse, UserResponse,
} from './index.js';

/** What the SDK is started with: the app key and what `Kakao.init` takes. */
export interface KakaoSettings extends Omit<InitOptions, 'idempotent'> {
  /** The app's JavaScript key. */
  appKey: string;
  /** The Kakao object to use in place of that of `kakaowasm`, such as a fake of `kakaowasm/testing`. */
  Kakao?: Kakao | undefined;
}

/** What went wrong last, of whatever kind. */
export interface KakaoFailure {
  /** That of the error: of a KakaoError, an AuthError (`error`) or an ApiError (as text, such as '-401'). */
  readonly code: KakaoErrorCode | AuthErrorCode;
  /** For people; may change. */
  readonly message: string;
  /** What to do about it, in a sentence for developers. */
  readonly hint: string | undefined;
  /** The error itself. */
  readonly cause: KakaoError | AuthError | ApiError | Error;
}

/** `loading` on a server and until it is known who is logged in. */
export type KakaoStatus = 'loading' | 'signed-in' | 'signed-out';

/** Calls of a page. Their promises may be left alone: a rejection that nobody listens to is silent, and `error` shows it. */
export interface KakaoCalls {
  /**
   * Logs in through a popup; call it inside a click. A second call takes the place of the first.
   * @returns a promise of the token response, rejected as that of `Kakao.Auth.login`
   * @throws {KakaoError} for wrong settings
   */
  login(settings?: LoginSettings): Promise<TokenResponse>;
  /** Ends the login, here and at Kakao. */
  logout(): Promise<true>;
  /** Asks again who is logged in: after a failure, or when the page has changed what Kakao knows of the user. */
  reload(): Promise<void>;
}

/** Who is logged in. */
export interface KakaoUser extends KakaoCalls {
  status: KakaoStatus;
  /** The answer of /v2/user/me. null if nobody is logged in, and if Kakao could not be asked; then `error` says why. */
  user: UserResponse | null;
  /** Whether a login, a logout or the question who the user is is under way. */
  pending: boolean;
  /** What went wrong last; null again after the next success. */
  error: KakaoFailure | null;
}
