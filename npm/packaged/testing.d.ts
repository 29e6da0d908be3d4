// The types of kakaowasm/testing: those of the real Kakao, and what a test says and sees beside it.

import type {
  ApiAnswer, ApiError, ApiPath, AuthError, AuthStatus, Kakao as RealKakao, RequestSettings, ShippingAddressError,
  ShippingAddressResponse, TokenResponse, UserResponse,
} from './index.js';

/** What the calls of Auth that end later answer, and what they fail with. */
export interface FakeAuthCalls {
  'Auth.login': { answer: TokenResponse; failure: AuthError };
  'Auth.loginForm': { answer: TokenResponse; failure: AuthError };
  'Auth.autoLogin': { answer: TokenResponse; failure: AuthError };
  'Auth.issueAccessToken': { answer: TokenResponse; failure: AuthError };
  'Auth.getStatusInfo': { answer: AuthStatus; failure: never };
  'Auth.selectShippingAddress': { answer: ShippingAddressResponse; failure: ShippingAddressError };
  'Auth.createShippingAddress': { answer: ShippingAddressResponse; failure: ShippingAddressError };
  'Auth.updateShippingAddress': { answer: ShippingAddressResponse; failure: ShippingAddressError };
}

/** A call that was made. */
export interface FakeCall {
  /** Such as 'init', 'Auth.login' or 'API.request'. */
  name: string;
  /** The page's own settings object, or the first argument where a call takes none. */
  settings: any;
}

/** By what a test says what happens. */
export interface FakeControls {
  /** All calls since the last `reset`, the first one first. */
  readonly calls: readonly FakeCall[];
  /** What an address of `API.request` answers from now on: a value, or a function of the call's settings. */
  answer<Path extends ApiPath>(path: Path, answer: ApiAnswer<Path> | ((settings: RequestSettings<Path>) => ApiAnswer<Path>)): void;
  /** What a call of `Auth` answers from now on. A login that is answered so sets no token; see `logIn`. */
  answer<Name extends keyof FakeAuthCalls>(name: Name, answer: FakeAuthCalls[Name]['answer']): void;
  /** What an address fails with from now on. */
  fail(path: ApiPath, error: ApiError): void;
  /** What a call of `Auth` fails with from now on, such as `{error: 'popup_closed'}`. */
  fail<Name extends keyof FakeAuthCalls>(name: Name, error: FakeAuthCalls[Name]['failure']): void;
  /** Logs in without a call, as somebody else if `user` is given: as on a page that finds a token. */
  logIn(user?: UserResponse): void;
  /** Logs out without a call, as another tab does. */
  logOut(): void;
  /** Puts everything back to the beginning: not initialized, nobody logged in, no answers, no calls. */
  reset(): void;
}

/** The fake. `Auth` and `API` are there before `init`, so that a test can spy on them, but refuse to be called. */
export interface FakeKakao extends RealKakao {
  readonly fake: FakeControls;
}

/**
 * Makes a fake Kakao that nobody is logged in to. It checks no settings, as the real one does, and opens nothing:
 * `Auth.authorize` is noted and leads nowhere.
 * @param options user is who logs in, as /v2/user/me answers
 */
export function createFakeKakao(options?: { user?: UserResponse | undefined }): FakeKakao;

/** A fake that is ready: for a test runner that puts this module in the place of kakaowasm. */
export const Kakao: FakeKakao;

export default Kakao;
