// The types of kakaowasm: the login surface of the legacy Kakao JavaScript SDK v1.
//
// Sources, named in the comments below:
//   [JS]    Kakao Developers > Kakao Login > JavaScript SDK v1 (legacy)
//   [REST]  Kakao Developers > Kakao Login > REST API
//   [RFC]   RFC 6749, OAuth 2.0
//
// The file declares no global variable `Kakao`: @types/kakao-js-sdk does, and so do many pages, and
// two declarations of one variable do not compile. A page that loads the script tag keeps what it
// has, or adds one line of its own:
//
//   declare const Kakao: import('kakaowasm').Kakao;
//
// `window.Kakao` is declared here. It has the type of the global variable if there is one, such as
// that of @types/kakao-js-sdk, and bears a page's own declaration of it beside this one.
//
// Where a parameter is `name?: T`, an explicit undefined is refused when the call is made, as the
// legacy SDK refused it; the compiler says so under exactOptionalPropertyTypes. Where it is
// `name?: T | undefined`, undefined stands for the default.

/// <reference lib="dom" />

// What calls throw and fail with

/** Any other string, without losing the completion of the strings that are known. */
type Other = string & {};

/** The codes of a {@link KakaoError}. */
export type KakaoErrorCode =
  /** The settings of a call are no object. */
  | 'not_an_object'
  /** A required parameter is missing; `param` names it. */
  | 'missing_parameter'
  /** The call does not know the parameter that `param` names. */
  | 'unknown_parameter'
  /** The value of a parameter is none that the call accepts. */
  | 'illegal_parameter'
  /** `Kakao.init` was called before; call `Kakao.cleanup` first, or pass `idempotent`. */
  | 'already_initialized'
  /** The page's Content-Security-Policy forbids WebAssembly: add 'wasm-unsafe-eval' to its script-src. */
  | 'webassembly_forbidden'
  /** Only in kakaowasm/lite: `Kakao.load` was not awaited, or could not fetch the wasm. */
  | 'not_loaded'
  | Other;

/**
 * The error that a wrong call throws, at once and before anything is sent. There is no class of that
 * name to test with `instanceof`; test `code`.
 */
export interface KakaoError extends Error {
  /** 'KakaoError', or 'Error' where the legacy SDK threw a plain one (code 'not_an_object'). */
  name: 'KakaoError' | 'Error';
  /** What the legacy SDK said, word for word. */
  message: string;
  /** Stable, and made for programs. */
  code: KakaoErrorCode;
  /** The parameter at fault, or several of them, separated by commas. Missing where it is none. */
  param?: string;
  /** What to do about it, in a sentence for developers. */
  hint?: string;
}

/** The values of `error` in an {@link AuthError}. */
export type AuthErrorCode =
  /** The user cancelled on the consent page ([REST] > Getting authorization code). */
  | 'access_denied'
  /** The browser blocked the popup: call `login` inside a click. */
  | 'popup_blocked'
  /** The user closed the popup before the login was complete. */
  | 'popup_closed'
  /** The popup gave no answer for ten minutes. */
  | 'popup_timeout'
  /** The answer belongs to another login; it was dropped. */
  | 'state_mismatch'
  /** The ID token was made for another login; it was dropped. */
  | 'nonce_mismatch'
  /** The token server gave no answer, or none of a token server: check the option `server`. */
  | 'server_unavailable'
  | 'storage_forbidden'
  /** The token server or Kakao asks for a moment's patience; try again. */
  | 'temporarily_unavailable'
  /** The token server or Kakao failed. */
  | 'server_error'
  /** The token server refused Kakao's ID token. */
  | 'invalid_id_token'
  /** An automatic login was asked for outside the in-app browser of KakaoTalk. */
  | 'auto_login'
  /** There is no login at Kakao or at the token server (prompt none: OpenID Connect Core 1.0, section 3.1.2.6). */
  | 'login_required'
  /** As 'login_required', for a consent that is missing. */
  | 'consent_required'
  /** As 'login_required', for any other dialog. */
  | 'interaction_required'
  /** [RFC] section 5.2: the authorization code is used up, expired or not of this app. */
  | 'invalid_grant'
  /** [RFC] section 5.2: the app's key or client secret is wrong. */
  | 'invalid_client'
  /** [RFC] section 5.2. */
  | 'invalid_request'
  /** [RFC] section 5.2: a scope is not set as a consent item of the app. */
  | 'invalid_scope'
  /** [RFC] section 4.1.2.1. */
  | 'unauthorized_client'
  | Other;

/** What `fail` gets, and what the promise of a login is rejected with: [RFC] section 5.2. */
export interface AuthError {
  error: AuthErrorCode;
  /** For people; may change. */
  error_description?: string;
  /** Kakao's own code, such as 'KOE320' (Kakao Login > Troubleshooting). */
  error_code?: string;
  /** The page's own state; only with 'auto_login', and only if the page passed one. */
  state?: string;
}

/** What `fail` of `API.request` gets, and what its promise is rejected with: REST API > Response code. */
export interface ApiError {
  /**
   * Kakao's code:
   * -401 for a token that is not valid, -402 for a missing consent, and so on; -777 without a readable answer.
   */
  code: number;
  /** For people; may change. */
  msg: string;
  /** With -402: the call that asks for the consent. */
  api_type?: string;
  /** With -402: the scopes that the user has not agreed to. Ask for them with `Auth.login({scope})`. */
  required_scopes?: string[];
  /** With -402: the scopes that the access token holds. */
  allowed_scopes?: string[];
}

/**
 * A login: [REST] > Getting tokens. The refresh token stays with the token server, so this has no
 * `refresh_token`.
 */
export interface TokenResponse {
  token_type: 'bearer' | Other;
  access_token: string;
  /** Seconds from now until the access token expires. */
  expires_in: number;
  /** What the token allows, separated by spaces. */
  scope?: string;
  /** A JSON Web Token; only if scope names openid. */
  id_token?: string;
}

/** The three callbacks that every call takes. Each is called with the settings object as `this`. */
export interface Callbacks<Response, Failure> {
  /** Called once if the call succeeds. */
  success?: ((response: Response) => void) | undefined;
  /** Called once if the call fails. */
  fail?: ((error: Failure) => void) | undefined;
  /** Called once in either case, after the other. */
  always?: ((outcome: Response | Failure) => void) | undefined;
}

// Kakao.init

/**
 * What `Kakao.init` takes beside the app key. The script tag's `data-server`, `data-auth-host` and
 * `data-api-host` stand for the first three where they are left out.
 */
export interface InitOptions extends Callbacks<TokenResponse, AuthError> {
  /** The token server's base address: a path on the page's own origin, or absolute. '/kakao' if left out. */
  server?: string | undefined;
  /** The origin of the authorization server. 'https://kauth.kakao.com' if left out; an emulator's for tests. */
  authHost?: string | undefined;
  /** The origin of the REST API. 'https://kapi.kakao.com' if left out; an emulator's for tests. */
  apiHost?: string | undefined;
  /** Makes a second `init` with the same app key do nothing instead of throwing. */
  idempotent?: boolean | undefined;
  /**
   * Called when this page load completes a login that `Auth.authorize` began with the token server's
   * callback as `redirectUri`. So are `fail` and `always`.
   */
  success?: ((response: TokenResponse) => void) | undefined;
}

/** What `Kakao.load` of kakaowasm/lite takes. */
export interface LoadOptions {
  /** Where kakao.wasm is; beside the module if left out. */
  wasmUrl?: string | URL | undefined;
}

// Kakao.Auth

/** What `Auth.login`, `Auth.createLoginButton` and `Auth.authorize` share ([JS]). */
export interface CommonAuthSettings extends Callbacks<TokenResponse, AuthError> {
  /** Consent items to ask for, separated by commas; with 'openid' the login brings an ID token. */
  scope?: string;
  /** Accepted as in the legacy SDK; has no effect yet. */
  throughTalk?: boolean | undefined;
  /** Ties the ID token to the login; only with openid. Made by the SDK if left out. */
  nonce?: string;
  /** Comes back with the authorization code; only with a `redirectUri` of the page's own. */
  state?: string;
  /**
   * Where the authorization code goes. An address of the page's own: the page's back end exchanges
   * the code. The token server's callback, in `authorize`: the SDK completes the login after the return.
   */
  redirectUri?: string;
  /** Tags of the service terms to ask for, separated by commas (Kakao Sync). */
  serviceTerms?: string;
  /** The channel that the consent page offers to add. */
  channelPublicId?: string;
  /** The older name of a channel's id. */
  plusFriendPublicId?: string;
  approvalType?: 'individual' | 'project';
  deviceType?: 'watch' | 'tv';
}

/** What `Auth.login` takes ([JS] > Kakao.Auth.login). */
export interface LoginSettings extends CommonAuthSettings {
  /** Whether the access token is kept in localStorage, beyond the tab's life. true if left out. */
  persistAccessToken?: boolean | undefined;
  /** @deprecated Accepted and ignored: the refresh token never reaches the browser. */
  persistRefreshToken?: boolean | undefined;
}

/** The languages of the login button. */
export type AuthLanguage = 'kr' | 'en';

/** The sizes of the login button: 30, 45 and 60 pixels high. */
export type AuthButtonSize = 'small' | 'medium' | 'large';

/** What `Auth.createLoginButton` takes beside the settings of its logins. */
export interface LoginButtonSettings extends LoginSettings {
  /** The element that takes the button, or a CSS selector of it, such as '#login'. */
  container: string | Element;
  /** 'kr' if left out. */
  lang?: AuthLanguage | undefined;
  /** 'medium' if left out. */
  size?: AuthButtonSize | undefined;
}

/** What `Auth.authorize` takes ([JS] > Kakao.Auth.authorize). */
export interface AuthorizeSettings extends CommonAuthSettings {
  /**
   * 'login' asks for the password again, 'none' shows no dialog, 'create' and 'select_account' choose
   * an account; several are separated by commas.
   */
  prompts?: 'login' | 'none' | 'create' | 'select_account' | Other;
  /** What the login page fills in: an email address or a phone number. */
  loginHint?: string;
  /** Whether to open the consent page in a popup instead of in this window. false if left out. */
  isPopup?: boolean | undefined;
  /** The older form of `prompts: 'login'`. false if left out. */
  reauthenticate?: boolean | undefined;
  /** Whether to log in without any dialog, inside KakaoTalk. false if left out. */
  autoLogin?: boolean | undefined;
  /** true if left out. */
  throughSyncplugin?: boolean | undefined;
}

/** What `Auth.getStatusInfo` tells. */
export type AuthStatus =
  | { status: 'connected'; user: UserResponse }
  | { status: 'not_connected'; user?: undefined };

/** `Kakao.Auth`. It is there after `Kakao.init`, not before, as in the legacy SDK. */
export interface KakaoAuth {
  /**
   * Logs in through a popup; call it inside a click. With a `redirectUri` it leads this window to the
   * consent page instead, and the callbacks and the promise stay silent.
   * @param settings the page's own object; defaults are written into it, as the legacy SDK did
   * @returns a promise of the token response, the same that `success` gets; it is rejected with an
   *   {@link AuthError}. It may be left alone: a rejection that nobody listens to is silent
   * @throws {KakaoError} for wrong settings
   * @see [JS] > Kakao.Auth.login
   */
  login(settings?: LoginSettings): Promise<TokenResponse>;

  /**
   * Leads this window, or with `isPopup` a new one, to the consent page.
   * @returns false if an automatic login was asked for where there is none: outside KakaoTalk. Then
   *   `fail` gets {error: 'auto_login'}, or the window goes to `redirectUri` with that error
   * @throws {KakaoError} for wrong settings
   * @see [JS] > Kakao.Auth.authorize
   */
  authorize(settings?: AuthorizeSettings): false | undefined;

  /**
   * Puts a login button into `settings.container`, instead of what is there. Each click is a `login`.
   * @throws {KakaoError} for wrong settings, and if there is no such element
   * @see [JS] > Kakao.Auth.createLoginButton
   */
  createLoginButton(settings: LoginButtonSettings): void;

  /**
   * Ends the login at Kakao, at the token server and here; here also if the other two fail or do not
   * answer in time.
   * @param callback called at the end, always with true
   * @returns a promise of true, never rejected
   * @throws {KakaoError} if callback is no function
   * @see [JS] > Kakao.Auth.logout
   */
  logout(callback?: (done: true) => void): Promise<true>;

  /**
   * Tells whether the user is logged in, by asking for the user's information.
   * @returns a promise of what callback gets, never rejected
   * @throws {KakaoError} if callback is no function
   */
  getStatusInfo(callback?: (status: AuthStatus) => void): Promise<AuthStatus>;

  /** @returns the access token; null without a login */
  getAccessToken(): string | null;

  /**
   * Sets an access token that the page got by itself; the SDK does not renew it.
   * @param token null removes the token
   * @param persist whether to keep it in localStorage; true if left out
   * @see [JS] > Kakao.Auth.setAccessToken
   */
  setAccessToken(token: string | null, persist?: boolean): void;

  /** @returns the app key given to `Kakao.init`; null after `Kakao.cleanup` */
  getAppKey(): string | null;
}

// Kakao.API

/** The nickname and images of a Kakao Account: [REST] > Retrieving user information > Profile. */
export interface UserProfile {
  nickname?: string;
  /** 110 or 100 pixels square. */
  thumbnail_image_url?: string;
  /** 640 or 480 pixels square. */
  profile_image_url?: string;
  is_default_image?: boolean;
  is_default_nickname?: boolean;
}

/**
 * A Kakao Account: [REST] > Retrieving user information > KakaoAccount. A field is there only if the
 * app has its consent item and the user agreed; `<field>_needs_agreement` is true where asking may help.
 */
export interface KakaoAccount {
  profile_needs_agreement?: boolean;
  profile_nickname_needs_agreement?: boolean;
  profile_image_needs_agreement?: boolean;
  profile?: UserProfile;
  email_needs_agreement?: boolean;
  /** false if the address went to another Kakao Account. */
  is_email_valid?: boolean;
  is_email_verified?: boolean;
  email?: string;
  name_needs_agreement?: boolean;
  name?: string;
  age_range_needs_agreement?: boolean;
  /** Such as '20~29' or '90~'. */
  age_range?: string;
  birthyear_needs_agreement?: boolean;
  /** YYYY */
  birthyear?: string;
  birthday_needs_agreement?: boolean;
  /** MMDD */
  birthday?: string;
  birthday_type?: 'SOLAR' | 'LUNAR';
  gender_needs_agreement?: boolean;
  gender?: 'female' | 'male';
  phone_number_needs_agreement?: boolean;
  /** Such as '+82 10-1234-5678'. */
  phone_number?: string;
  ci_needs_agreement?: boolean;
  /** Connecting information: the same for one person in all services. */
  ci?: string;
  /** When ci was issued: UTC, RFC 3339. */
  ci_authenticated_at?: string;
  /** @deprecated by Kakao; use `<field>_needs_agreement`. */
  [field: `has_${string}`]: boolean | undefined;
}

/** The answer of /v2/user/me: [REST] > Retrieving user information. */
export interface UserResponse {
  /** The service user id. */
  id: number;
  /** Only if the app does not link users by itself: whether this one is linked. */
  has_signed_up?: boolean;
  /** When the user was linked with the app: UTC, RFC 3339. */
  connected_at?: string;
  /** When the user logged in through Kakao Sync: UTC, RFC 3339. */
  synched_at?: string;
  /** The app's user properties. */
  properties?: { [key: string]: any };
  kakao_account?: KakaoAccount;
  for_partner?: {
    /** For the messaging APIs of KakaoTalk. */
    uuid?: string;
  };
}

/** The answer of /v1/user/logout and /v1/user/unlink: [REST] > Logout, Unlink. */
export interface UserIdResponse {
  /** The service user id. */
  id: number;
}

/** A consent item: [REST] > Retrieving consent details > Scope. */
export interface ConsentItem {
  /** Such as 'account_email'. */
  id: string;
  display_name: string;
  /** 'PRIVACY' for personal information, 'SERVICE' for a permission. */
  type: 'PRIVACY' | 'SERVICE' | Other;
  /** Whether the app uses it. */
  using: boolean;
  /** Whether the user agreed to it. */
  agreed: boolean;
  /** Whether it can be revoked; only if agreed. */
  revocable?: boolean;
}

/** The answer of /v2/user/scopes and /v2/user/revoke/scopes: [REST] > Retrieving consent details. */
export interface ScopesResponse {
  /** The service user id. */
  id: number;
  scopes: ConsentItem[];
}

/** Service terms that the user agreed to (Kakao Sync). */
export interface AgreedServiceTerm {
  /** Set in the app's Simple Signup settings. */
  tag: string;
  /** When the user agreed: UTC, RFC 3339. */
  agreed_at: string;
}

/** Service terms of the app (Kakao Sync). */
export interface AppServiceTerm {
  /** Set in the app's Simple Signup settings. */
  tag: string;
  /** When they were set: UTC, RFC 3339. */
  created_at: string;
  /** When they were last changed: UTC, RFC 3339. */
  updated_at: string;
}

/**
 * The answer of /v1/user/service/terms: [JS] > Retrieving consent details for service terms. [REST]
 * describes its successor, /v2/user/service_terms, which names the members differently.
 */
export interface ServiceTermsResponse {
  /** The service user id. */
  user_id: number;
  /** What the user agreed to. */
  allowed_service_terms?: AgreedServiceTerm[];
  /** All terms of the app; only with extra 'app_service_terms'. */
  app_service_terms?: AppServiceTerm[];
}

/** Data of a call that takes none. */
export interface NoData {
  [name: string]: never;
}

/** What each address of `API.request` takes and answers. */
export interface ApiCalls {
  /** The user's information: [JS] > Retrieving user information. */
  '/v2/user/me': {
    data: {
      /** Answers these only, such as ['kakao_account.email']. */
      property_keys?: readonly string[];
      /** Whether image addresses begin with https. */
      secure_resource?: boolean;
    };
    response: UserResponse;
  };
  /** Ends the access token at Kakao; `Auth.logout` does more. Source: [REST] > Logout. */
  '/v1/user/logout': { data: NoData; response: UserIdResponse };
  /** Ends the link between the user and the app: [JS] > Unlink. */
  '/v1/user/unlink': { data: NoData; response: UserIdResponse };
  /** What the user agreed to: [JS] > Retrieving consent details. */
  '/v2/user/scopes': {
    data: {
      /** Answers these only, such as ['account_email']. */
      scopes?: readonly string[];
    };
    response: ScopesResponse;
  };
  /** Takes consents back: [JS] > Revoking consent. */
  '/v2/user/revoke/scopes': {
    data: {
      /** Those of /v2/user/scopes with revocable true; for others the call fails with -3. */
      scopes: readonly string[];
    };
    response: ScopesResponse;
  };
  /** The service terms that the user agreed to: [JS] > Retrieving consent details for service terms. */
  '/v1/user/service/terms': {
    data: {
      /** 'app_service_terms' answers all terms of the app. */
      extra?: 'app_service_terms' | Other;
    };
    response: ServiceTermsResponse;
  };
}

/** The addresses that `API.request` calls. */
export type ApiPath = keyof ApiCalls;

/** The data that an address takes. */
export type ApiData<Path extends ApiPath> = ApiCalls[Path]['data'];

/** What an address answers. */
export type ApiAnswer<Path extends ApiPath> = ApiCalls[Path]['response'];

/** What `API.request` takes for one address. `data` is required where a parameter in it is. */
export type RequestSettings<Path extends ApiPath> = { url: Path } & Callbacks<ApiAnswer<Path>, ApiError> &
  ({} extends ApiData<Path> ? { data?: ApiData<Path> | undefined } : { data: ApiData<Path> });

/** An answer whose address the compiler does not know. */
export interface ApiResponse {
  [field: string]: any;
}

/** What `API.request` takes where the compiler does not know the address: `url` is any string, not a literal. */
export interface UntypedRequestSettings<Url extends string = string> extends Callbacks<ApiResponse, ApiError> {
  url: Url & (string extends Url ? unknown : ApiPath);
  data?: { [name: string]: any } | undefined;
}

/** `Kakao.API`. It is there after `Kakao.init`, not before, as in the legacy SDK. */
export interface KakaoAPI {
  /**
   * Calls an address of Kakao's REST API with the access token. An access token that is about to
   * expire is renewed before, and one that Kakao refuses, once after.
   * @param settings the page's own object; defaults are written into it, as the legacy SDK did
   * @returns a promise of the answer, the same that `success` gets; it is rejected with an
   *   {@link ApiError}. It may be left alone: a rejection that nobody listens to is silent
   * @throws {KakaoError} for an unknown address, and for data that it does not take
   * @see [JS] > Kakao.API.request
   */
  request<Path extends ApiPath>(settings: RequestSettings<Path>): Promise<ApiAnswer<Path>>;
  request<Url extends string>(settings: string extends Url ? UntypedRequestSettings<Url> : never): Promise<ApiResponse>;
}

// Kakao

/** The Kakao object. */
export interface Kakao {
  /** The version of the SDK. */
  readonly VERSION: string;

  /**
   * Starts the SDK. Nothing of it works before.
   * @param appKey the app's JavaScript key
   * @param options see {@link InitOptions}
   * @throws {KakaoError} 'already_initialized', 'missing_parameter', 'illegal_parameter' for an address
   *   that is not secure, 'webassembly_forbidden'
   * @see [JS] > Kakao.init
   */
  init(appKey: string, options?: InitOptions): void;
  /**
   * Starts the SDK, as above.
   * @param extraKey goes into the agent string that Kakao's servers get
   */
  init(appKey: string, extraKey: string): void;

  /** @returns whether `init` was called, and `cleanup` not since */
  isInitialized(): boolean;

  /**
   * Stops what the SDK does in the background. The access token stays; a login under way ends without
   * an answer; `init` may follow.
   */
  cleanup(): void;

  /**
   * Only in kakaowasm/lite: fetches and compiles the wasm. Await it before `init`.
   * @returns a promise of this object; it is rejected with a {@link KakaoError} 'not_loaded', or with
   *   the browser's own error if the wasm cannot be fetched or compiled
   */
  load(options?: LoadOptions): Promise<Kakao>;

  /** Logging in and out. Undefined until `init` was called. */
  Auth: KakaoAuth;

  /** Calls of the REST API. Undefined until `init` was called. */
  API: KakaoAPI;
}

/** The Kakao object of this package. The script tag's is `window.Kakao`. */
export const Kakao: Kakao;

export default Kakao;

/** The names that @types/kakao-js-sdk gives to the types of this surface. */
export namespace Kakao {
  namespace Auth {
    export type { AuthButtonSize, AuthError, AuthLanguage };
    /** What `getStatusInfo` tells. */
    export type AuthStatusObject = AuthStatus;
    /** What a login's `success` gets. */
    export type AuthSuccessObject = TokenResponse;
  }
  namespace API {
    export type { ApiError, ApiResponse };
    export type RequestSuccessCallback = (response: ApiResponse) => void;
    export type RequestFailCallback = (error: ApiError) => void;
    export type RequestAlwaysCallback = (outcome: ApiResponse | ApiError) => void;
  }
}

// The page

/** The detail of the event kakao:token. It never holds the token; ask `Auth.getAccessToken`. */
export interface TokenEventDetail {
  /** 'set' by a login or by `setAccessToken`, 'renewed', or 'removed', here or in another tab. */
  status: 'set' | 'renewed' | 'removed';
  /** Seconds until the access token expires. Undefined without one, and for one that the page set by itself. */
  expires_in: number | undefined;
}

/** What the script tag adds to `window`. */
export interface KakaoWindow {
  /** The Kakao object; where another package or the page declares a global Kakao, that one's type. */
  Kakao: typeof globalThis extends { Kakao: infer Theirs } ? Theirs : Kakao;
  /** Set it before the script tag: called once the script has run. */
  kakaoAsyncInit?: (() => void) | undefined;
}

declare global {
  // By inheritance, so that a page's own declaration, such as `interface Window { Kakao: any }`, goes
  // on compiling.
  interface Window extends KakaoWindow {}

  interface WindowEventMap {
    /** The SDK dispatches it when the access token changes. */
    'kakao:token': CustomEvent<TokenEventDetail>;
    /** The page dispatches it to have the access token renewed now. */
    'kakao:renew': Event;
  }
}
