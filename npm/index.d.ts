// The types of kakaowasm: lifecycle, login and REST API of the legacy Kakao JavaScript SDK v1.
//
// Sources, named in the comments below:
//   [JS]      Kakao Developers > Kakao Login > JavaScript SDK v1 (legacy)
//   [REST]    Kakao Developers > Kakao Login > REST API
//   [SOCIAL]  Kakao Developers > Kakao Talk Social > REST API
//   [MESSAGE] Kakao Developers > Message > REST API, Message Template > Default template
//   [CHANNEL] Kakao Developers > Kakao Talk Channel > REST API, version 1
//   [STORY]   Kakao Developers > Kakao Story > REST API
//   [ERROR]   Kakao Developers > REST API > Error code
//   [RFC]     RFC 6749, OAuth 2.0
//   [1.43.5]  what the legacy SDK of that version does, where no document says it
//
// The global variable. A page that imports the package has everything under the name that it imports,
// the type names of @types/kakao-js-sdk such as `Kakao.Auth.AuthError` among them. A page that loads the
// script tag and writes the bare `Kakao` puts two lines into a declaration file of its own, kakao.d.ts:
//
//   /// <reference types="kakaowasm" />
//   import Kakao = kakaowasm.Kakao;
//
// They take the place of @types/kakao-js-sdk, because two declarations of one name do not compile.
// Without them the two packages bear each other: the bare `Kakao` is theirs then, with Link, Channel
// and Navi, and so is `window.Kakao`, which bears a page's own declaration beside this one, too.
//
// Where a parameter is `name?: T`, an explicit undefined is refused when the call is made, as the
// legacy SDK refused it; the compiler says so under exactOptionalPropertyTypes. Where it is
// `name?: T | undefined`, undefined stands for the default. What the SDK itself checks is strict here;
// what only Kakao checks, such as a message template, is open.

/// <reference lib="dom" />

/** Lets a script-tag page name the types; there is no global variable of this name. */
export as namespace kakaowasm;

// What calls throw and fail with

/** Any other string, without losing the completion of the strings that are known. */
type Other = string & {};

/** Any other number, in the same way. */
type OtherNumber = number & {};

/** Any fields. */
type Fields = { [name: string]: any };

/** The codes of a {@link KakaoError}. */
export type KakaoErrorCode =
  // Written by go generate ./contract/problems: KakaoErrorCode
  /** The settings of a call are no object. Pass an object such as {scope: 'account_email'}. */
  | 'not_an_object'
  /** A required parameter is missing; param names it. Add the parameter. */
  | 'missing_parameter'
  /**
   * The call does not know the parameter that param names. Remove the parameter or correct its name; hint
   * lists those that are known.
   */
  | 'unknown_parameter'
  /** The value of a parameter is none that the call accepts. Pass what hint says was expected. */
  | 'illegal_parameter'
  /** Kakao.init was called before. Call Kakao.cleanup first, or pass idempotent. */
  | 'already_initialized'
  /** The page's Content-Security-Policy forbids WebAssembly. Add 'wasm-unsafe-eval' to its script-src. */
  | 'webassembly_forbidden'
  /**
   * Only in kakaowasm/lite: Kakao.load was not awaited, or could not fetch the wasm. Await Kakao.load before
   * Kakao.init, and check wasmUrl.
   */
  | 'not_loaded'
  /**
   * Kakao.init was called where there is no window: on a server, or in a worker. Call it in the browser's
   * page, in React for example inside useEffect. Importing the package is fine everywhere.
   */
  | 'no_window'
  /**
   * The page has no origin, so that the path of the token server leads nowhere: it is a file, or in a
   * sandboxed frame. Serve the page over http or https, or add allow-same-origin to the frame's sandbox.
   */
  | 'no_origin'
  /**
   * The browser has no WebAssembly: iOS and macOS in Lockdown Mode, or a browser or WebView that switches it
   * off. Ask the user to exclude the site from Lockdown Mode, or to take another browser. A link to the
   * authorization address and your own back end need no SDK.
   */
  | 'no_webassembly'
  /**
   * The device had no memory left for the SDK. Call Kakao.init again later, for example at the click on the
   * login button.
   */
  | 'out_of_memory'
  /**
   * The browser is too old, or a script of the page has taken something away that the SDK needs. Needed are
   * Chrome 85, Firefox 79 or Safari 14.1, with crypto.getRandomValues.
   */
  | 'unsupported_browser'
  /**
   * A component called login or logout before the SDK had started. Call them in a click or in an effect, with
   * the provider or plugin in place.
   */
  | 'not_started'
  /**
   * The SDK's WebAssembly has died while it ran, for example because the device had no memory left. Calls
   * under way fail with it, too. Call Kakao.init again, which also goes on with a login under way. If that
   * fails too, reload the page.
   */
  | 'sdk_crashed'
  // end of KakaoErrorCode
  | Other;

/**
 * The error that a wrong call throws, at once and before anything is sent. There is no class of that
 * name to test with `instanceof`; test `code`.
 */
export interface KakaoError extends Error {
  /**
   * 'KakaoError'; 'Error' or 'TypeError' where the legacy SDK threw one: for settings that are no object
   * (code 'not_an_object'), for frozen settings and for a token that is no string.
   */
  name: 'KakaoError' | 'Error' | 'TypeError';
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
  // Written by go generate ./contract/problems: AuthErrorCode
  /**
   * The SDK's WebAssembly has died while it ran, for example because the device had no memory left. Calls
   * under way fail with it, too. Call Kakao.init again, which also goes on with a login under way. If that
   * fails too, reload the page.
   */
  | 'sdk_crashed'
  /** The browser blocked the popup. Make the call inside a click, and ask the user to allow popups. */
  | 'popup_blocked'
  /**
   * The user closed the popup before the login was complete, or another login took its place. Show the login
   * button again; it is no fault to report.
   */
  | 'popup_closed'
  /**
   * The page's Cross-Origin-Opener-Policy cuts the popup off, because the token server is on another origin,
   * and the user came back to the page before the login was complete. Serve the page with
   * same-origin-allow-popups, take the redirect login, or put the token server on the page's origin.
   */
  | 'opener_policy'
  /** The popup gave no answer for ten minutes. Start the login again. */
  | 'popup_timeout'
  /**
   * No answer for ten minutes where the code is polled for: KakaoTalk, and authorize in a popup. Start the
   * login again.
   */
  | 'timeout'
  /**
   * A login without any dialog was asked for outside KakaoTalk: autoLogin, or authorize with prompts 'none'.
   * Offer an ordinary login.
   */
  | 'auto_login'
  /** The answer belongs to another login; it was dropped. Start the login again. */
  | 'state_mismatch'
  /** The ID token was made for another login; it was dropped. Start the login again. */
  | 'nonce_mismatch'
  /** The answer held neither a code nor an error. Start the login again. */
  | 'no_code'
  /**
   * The token server did not answer, or something else answered in its place. Check the option server of
   * Kakao.init, or data-server of the script tag, and that the server runs.
   */
  | 'server_unavailable'
  /**
   * authorize could keep nothing in sessionStorage for the return. Use Auth.login, or allow the page to store
   * data.
   */
  | 'storage_forbidden'
  /**
   * The user cancelled on the consent page, or the token server does not let this page or this user in. Let
   * the user try again; if error_description speaks of the origin, add it to the server's allowed origins.
   */
  | 'access_denied'
  /** There is no login at Kakao or at the token server. Log the user in. */
  | 'login_required'
  /** A login without any dialog lacks a consent of the user. Log in with a dialog. */
  | 'consent_required'
  /** A login without any dialog needs one. Log in with a dialog. */
  | 'interaction_required'
  /**
   * Kakao, the token server or its store is busy or cannot be reached; the login that exists stays. Try again
   * after the time that Retry-After names.
   */
  | 'temporarily_unavailable'
  /** The token server or Kakao failed. Try again; the server's log says where it failed. */
  | 'server_error'
  /**
   * The token server refused Kakao's ID token. Do what error_description says; list the key that the page
   * uses among the server's keys.
   */
  | 'invalid_id_token'
  /**
   * The authorization code or the login is used up, expired or not of this app (RFC 6749, section 5.2). Log
   * in again.
   */
  | 'invalid_grant'
  /** The request breaks the rules (RFC 6749, section 5.2). Do what error_description and hint say. */
  | 'invalid_request'
  /**
   * The app's key or client secret is wrong (RFC 6749, section 5.2). Compare the server's keys and secret
   * with those of the app in the console.
   */
  | 'invalid_client'
  /**
   * A scope is not set as a consent item of the app (RFC 6749, section 5.2). Set the consent item in the
   * console, or take it out of scope.
   */
  | 'invalid_scope'
  /**
   * The app may not make this request (RFC 6749, section 4.1.2.1). Do what hint says, in the app's settings
   * in the console.
   */
  | 'unauthorized_client'
  /**
   * Kakao does not know the kind of token request (RFC 6749, section 5.2). Check the addresses of the
   * platform in the server's configuration.
   */
  | 'unsupported_grant_type'
  // end of AuthErrorCode
  | Other;

/** What `fail` gets, and what the promise of a login is rejected with: [RFC] section 5.2. */
export interface AuthError {
  error: AuthErrorCode;
  /** For people; may change. */
  error_description?: string;
  /** Kakao's own code, such as 'KOE320' (Kakao Login > Troubleshooting); '400' from `Auth.autoLogin`. */
  error_code?: string;
  /**
   * What to change in the app or in the Kakao Developers console, in English, for developers: the token
   * server's text for `error_code`, at most 300 characters. Show it as text, never as HTML. Listing and
   * copying the members leaves it out, as the legacy SDK had none.
   */
  hint?: string;
  /** The page's own state; only from `Auth.authorize`, and only if the page passed one. */
  state?: string;
  /** Only with 'auto_login' from `Auth.autoLogin`. */
  status?: 'error';
  /** Only with 'timeout', from logins: the same as `error_description` ([1.43.5]). */
  description?: string;
}

/** The values of `code` in an {@link ApiError} ([ERROR]). */
export type ApiErrorCode =
  /** Kakao failed for a moment; try again. */
  | -1
  /** A parameter is missing, or its value is wrong. */
  | -2
  /** The app has not set up what the call needs, or the consent cannot be revoked. */
  | -3
  /** The Kakao Account is restricted. */
  | -4
  /** The app has no permission for the call. */
  | -5
  /** Maintenance. */
  | -7
  /** A header is wrong. */
  | -8
  /** Kakao has ended the call. */
  | -9
  /** The quota is used up. */
  | -10
  /** The user is not linked with the app. */
  | -101
  /** The user is linked with the app already. */
  | -102
  /** There is no such Kakao Account, or it is dormant. */
  | -103
  /** The app has no such user property. */
  | -201
  /** The access token or the app key is not valid: log in again. */
  | -401
  /** A consent is missing: `required_scopes` names it. */
  | -402
  /** There was no readable answer: see {@link UnknownError}. */
  | -777
  | OtherNumber;

/** What `fail` of `API.request` gets, and what its promise is rejected with: [ERROR]. */
export interface ApiError {
  code: ApiErrorCode;
  /** For people; may change. */
  msg: string;
  /** With -402: the call that asks for the consent. */
  api_type?: string;
  /** With -402: the scopes that the user has not agreed to. Ask for them with `Auth.login({scope})`. */
  required_scopes?: string[];
  /** With -402: the scopes that the access token holds. */
  allowed_scopes?: string[];
}

/** The {@link ApiError} of a network failure, and of an answer that is not JSON ([1.43.5]). */
export interface UnknownError extends ApiError {
  code: -777;
  msg: 'Unknown error';
}

/** A login: [REST] > Getting tokens. The refresh token stays with the token server. */
export interface TokenResponse {
  token_type: 'bearer' | Other;
  access_token: string;
  /** Seconds from now until the access token expires. */
  expires_in: number;
  /** What the token allows, separated by spaces. */
  scope?: string;
  /** A JSON Web Token; only if scope names openid. */
  id_token?: string;
  /** @deprecated Never there: the refresh token never reaches the browser. */
  refresh_token?: string;
  /** Seconds until the refresh token, which the token server keeps, expires; missing if Kakao did not say. */
  refresh_token_expires_in?: number;
}

/**
 * A callback. As with the DOM's event listeners, the parameter of a page's function may have a narrower
 * type than what it gets, such as an interface of the page's own.
 */
export type Callback<Answer> = { call(answer: Answer): void }['call'];

/** The three callbacks that every call takes. Each is called with the settings object as `this`. */
export interface Callbacks<Response, Failure> {
  /** Called once if the call succeeds. */
  success?: Callback<Response> | undefined;
  /** Called once if the call fails. */
  fail?: Callback<Failure> | undefined;
  /** Called once in either case, after the other. */
  always?: Callback<Response | Failure> | undefined;
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
   * Asks the token server for the login of this browser if the page has no token: Safari, for one, clears what pages
   * keep after seven days without a visit. false if left out, since each visit of a guest then costs a request.
   * `Auth.getStatusInfo` and `API.request` wait for the answer. The token is kept in memory, since nobody knows any more
   * whether the login was to outlive the page. After `Auth.logout`, or after `Auth.setAccessToken` with null, undefined
   * or '', nothing is found again until the next login; with this option such a removal ends the login at the token
   * server as well.
   */
  restoreSession?: boolean | undefined;
  /**
   * Called when this page load completes a login that `Auth.authorize` began with the token server's
   * callback as `redirectUri`. So are `fail` and `always`.
   */
  success?: Callback<TokenResponse> | undefined;
}

/** What `Kakao.load` of kakaowasm/lite takes. */
export interface LoadOptions {
  /** Where kakao.wasm is; beside the module if left out. */
  wasmUrl?: string | URL | undefined;
}

// Kakao.Auth

/** What `Auth.login`, `Auth.createLoginButton` and `Auth.authorize` share ([JS]). */
export interface CommonAuthSettings {
  /** Consent items to ask for, separated by commas; with 'openid' the login brings an ID token. */
  scope?: string;
  /** Whether phones and tablets hand the login over to KakaoTalk. true if left out. */
  throughTalk?: boolean | undefined;
  /** Ties the ID token to the login; only with openid. Made by the SDK if left out. */
  nonce?: string;
  /** Comes back with the authorization code; only with a `redirectUri` of the page's own, except in `authorize`. */
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
  approvalType?: 'project';
  deviceType?: 'watch' | 'tv';
}

/** What `Auth.login` and `Auth.loginForm` take ([JS] > Kakao.Auth.login). */
export interface LoginSettings extends CommonAuthSettings, Callbacks<TokenResponse, AuthError> {
  /** Whether the access token is kept in localStorage, beyond the tab's life. true if left out. */
  persistAccessToken?: boolean | undefined;
  /** @deprecated Accepted and ignored: the refresh token never reaches the browser. */
  persistRefreshToken?: boolean | undefined;
}

/** What `Auth.autoLogin` takes. */
export interface AutoLoginSettings extends Callbacks<TokenResponse, AuthError> {}

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

/**
 * How the user is asked: 'login' asks for the password again, 'none' shows no dialog, 'create' and
 * 'select_account' choose an account; several are separated by commas ([REST] > Getting authorization code).
 */
export type Prompt = 'login' | 'none' | 'create' | 'select_account' | Other;

/** The answer of `Auth.authorize` without a `redirectUri`: [REST] > Getting authorization code. */
export interface AuthorizationCode {
  /** For the page's back end, which exchanges it with the redirect URI `JS-SDK` if the page named none. */
  code: string;
  /** The page's own state; only if the page passed one. */
  state?: string;
}

/**
 * What `Auth.authorize` takes ([JS] > Kakao.Auth.authorize). Its callbacks get the authorization code if
 * there is no `redirectUri`, and the token if that is the token server's callback and `isPopup` is true.
 */
export interface AuthorizeSettings extends CommonAuthSettings, Callbacks<AuthorizationCode | TokenResponse, AuthError> {
  prompts?: Prompt;
  /** `prompts` as the SDK v2 spells it; `prompts` wins. */
  prompt?: Prompt;
  /** What the login page fills in: an email address or a phone number. */
  loginHint?: string;
  /** Whether to open the consent page in a popup instead of in this window. false if left out. */
  isPopup?: boolean | undefined;
  /** The older form of `prompts: 'login'`. false if left out. */
  reauthenticate?: boolean | undefined;
  /** The older form of `prompts: 'none'`: a login without any dialog, inside KakaoTalk. */
  autoLogin?: boolean;
  /** Whether a channel's home in KakaoTalk opens the login over itself. true if left out. */
  throughSyncplugin?: boolean | undefined;
}

/** What `Auth.issueAccessToken` takes. */
export interface IssueAccessTokenSettings extends Callbacks<TokenResponse, AuthError> {
  /** The authorization code that came to the redirect URI. */
  code: string;
  /** The redirect URI that the code was asked for with, character by character. */
  redirectUri: string;
  /** The PKCE code verifier, if the code was asked for with a challenge (RFC 7636, section 4.1). */
  codeVerifier?: string;
}

/** The shipping address that the user chose, added or changed. */
export interface ShippingAddressResponse {
  /** Ask for the address with /v1/user/shipping_address. */
  address_id: number;
}

/** What `fail` of a shipping-address window gets: Kakao's own error, or that of the window. */
export type ShippingAddressError =
  | {
      /** Such as 'KAE001'. */
      code: string;
      /** For people; may change. */
      msg: string;
      error?: undefined;
    }
  | {
      /** 'popup_closed' is for the promise alone; the callback of that is `close`. */
      error: 'popup_blocked' | 'popup_closed';
      /** For people; may change. */
      error_description?: string;
      code?: undefined;
    };

/** What `Auth.selectShippingAddress` and `Auth.createShippingAddress` take. */
export interface ShippingAddressSettings extends Callbacks<ShippingAddressResponse, ShippingAddressError> {
  /** Called if the user closes the window; no other callback is. */
  close?: (() => void) | undefined;
  /**
   * Leads this window to the address page instead of opening one, and comes back here with the answer.
   * The callbacks and the promise stay silent.
   */
  returnUrl?: string;
  /** Whether the page is laid out for phones on computers too. false if left out. */
  forceMobileLayout?: boolean | undefined;
  /** Whether the page has a back button. true if left out. */
  enableBackButton?: boolean | undefined;
}

/** What `Auth.updateShippingAddress` takes. */
export interface UpdateShippingAddressSettings extends ShippingAddressSettings {
  /** The address to change: `id` of a {@link ShippingAddress}. An integer. */
  addressId: number;
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
   * Logs in like `login`, and has the user enter a password even where Kakao remembers a login.
   * @returns as `login`
   * @throws {KakaoError} for wrong settings
   * @see [1.43.5]
   */
  loginForm(settings?: LoginSettings): Promise<TokenResponse>;

  /**
   * Logs in without any dialog, inside the in-app browser of KakaoTalk. Elsewhere it fails with
   * 'auto_login' before it returns.
   * @returns as `login`
   * @throws {KakaoError} for wrong settings
   * @see [1.43.5]
   */
  autoLogin(settings?: AutoLoginSettings): Promise<TokenResponse>;

  /**
   * Leads to the consent page: in this window, with `isPopup` in a new one, on phones in KakaoTalk.
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
   * Exchanges an authorization code through the token server, and sets the access token.
   * @returns a promise of the token response, the same that `success` gets; it is rejected with an
   *   {@link AuthError}
   * @throws {KakaoError} for wrong settings
   * @see [REST] > Getting tokens
   */
  issueAccessToken(settings: IssueAccessTokenSettings): Promise<TokenResponse>;

  /**
   * Ends the login at Kakao, at the token server and here; here also if the other two fail or do not
   * answer in time.
   * @param callback called at the end, always with true
   * @returns a promise of true, never rejected
   * @throws {KakaoError} if callback is no function
   * @see [JS] > Kakao.Auth.logout
   */
  logout(callback?: Callback<true>): Promise<true>;

  /**
   * Tells whether the user is logged in, by asking for the user's information.
   * @returns a promise of what callback gets, never rejected
   * @throws {KakaoError} if callback is no function
   */
  getStatusInfo(callback?: Callback<AuthStatus>): Promise<AuthStatus>;

  /** @returns the access token; null without a login */
  getAccessToken(): string | null;

  /**
   * Sets an access token that the page got by itself; the SDK does not renew it.
   * @param token null removes the token
   * @param persist whether to keep it in localStorage; true if left out
   * @see [JS] > Kakao.Auth.setAccessToken
   */
  setAccessToken(token: string | null, persist?: boolean): void;

  /**
   * @deprecated Unsupported, as in the legacy SDK: the refresh token never reaches the browser.
   * @returns an empty string, always
   */
  getRefreshToken(): '';

  /** @deprecated Unsupported, as in the legacy SDK: does nothing. */
  setRefreshToken(token?: string | null): void;

  /** @returns the app key given to `Kakao.init`; null after `Kakao.cleanup` */
  getAppKey(): string | null;

  /**
   * Opens a window of Kakao's in which the user chooses a shipping address; call it inside a click.
   * @returns a promise of the answer, the same that `success` gets; it is rejected with a
   *   {@link ShippingAddressError}, also if the user closes the window
   * @throws {KakaoError} for wrong settings
   * @see [1.43.5]
   */
  selectShippingAddress(settings?: ShippingAddressSettings): Promise<ShippingAddressResponse>;

  /** As `selectShippingAddress`, to add an address. */
  createShippingAddress(settings?: ShippingAddressSettings): Promise<ShippingAddressResponse>;

  /** As `selectShippingAddress`, to change the address `settings.addressId`. */
  updateShippingAddress(settings: UpdateShippingAddressSettings): Promise<ShippingAddressResponse>;

  /** Ends the logins and windows under way without an answer. The access token stays. */
  cleanup(): void;
}

// Kakao.API: what it answers

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

/** The answer of calls that only name the user: [REST] > Logout, Unlink, Storing user information, Manual signup. */
export interface UserIdResponse {
  /** The service user id. */
  id: number;
}

/** The answer of /v1/user/access_token_info: [REST] > Retrieving token information. */
export interface TokenInfoResponse {
  /** The service user id. */
  id: number;
  /** Seconds from now until the access token expires. */
  expires_in: number;
  /** The app that the token was made for. */
  app_id: number;
  /** @deprecated by Kakao; use `expires_in`. Milliseconds. */
  expiresInMillis?: number;
  /** @deprecated by Kakao; use `app_id`. */
  appId?: number;
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

/** Service terms and the user's consent to them: [REST] > Retrieving consent details for service terms. */
export interface ServiceTerm {
  /** Set in the app's Simple Signup settings. */
  tag: string;
  required: boolean;
  agreed: boolean;
  /** Whether the consent can be revoked. */
  revocable: boolean;
  /** When the user agreed: UTC, RFC 3339. */
  agreed_at?: string;
  /** 'KAUTH' on Kakao's consent page, 'KAPI' through /v2/user/upgrade/service_terms. */
  agreed_by?: 'KAUTH' | 'KAPI' | Other;
}

/** The answer of /v2/user/service_terms: [REST] > Retrieving consent details for service terms. */
export interface UserServiceTermsResponse {
  /** The service user id. */
  id: number;
  service_terms?: ServiceTerm[];
}

/** The answer of /v2/user/revoke/service_terms: [REST] > Revoke consent for service terms. */
export interface RevokedServiceTermsResponse {
  /** The service user id. */
  id: number;
  /** Those whose consent was revoked. */
  revoked_service_terms?: Pick<ServiceTerm, 'tag' | 'agreed'>[];
}

/** The answer of /v2/user/upgrade/service_terms: [REST] > Set consent to service terms. */
export interface AgreedServiceTermsResponse {
  /** The service user id. */
  id: number;
  /** Those that are agreed to now, and were not. */
  agreed_service_terms?: Omit<ServiceTerm, 'required' | 'revocable'>[];
}

/** The answer of /v1/oidc/userinfo: [REST] > OpenID Connect, Retrieving user information. */
export interface OidcUserResponse {
  /** The service user id. */
  sub: string;
  name?: string;
  nickname?: string;
  /** The address of the profile thumbnail. */
  picture?: string;
  email?: string;
  email_verified?: boolean;
  gender?: 'FEMALE' | 'MALE';
  /** YYYY-MM-DD; YYYY or 0000-MM-DD if the user agreed to one of the two. */
  birthdate?: string;
  /** Such as '+82 10-1234-5678'. */
  phone_number?: string;
  phone_number_verified?: boolean;
}

/** A shipping address: [REST] > Retrieving shipping address > ShippingAddress. */
export interface ShippingAddress {
  id: number;
  is_default: boolean;
  name?: string;
  /** Seconds since 1970, UTC. */
  updated_at?: number;
  /** 'OLD' for an administrative address, 'NEW' for a road name address. */
  type?: 'OLD' | 'NEW';
  base_address?: string;
  detail_address?: string;
  receiver_name?: string;
  receiver_phone_number1?: string;
  receiver_phone_number2?: string;
  /** Five digits, of a road name address. */
  zone_number?: string;
  /** Six digits, of an administrative address. */
  zip_code?: string;
}

/** The answer of /v1/user/shipping_address: [REST] > Retrieving shipping address. */
export interface ShippingAddressesResponse {
  /** The service user id. */
  user_id: number;
  /** The default address first, then the last changed first. */
  shipping_addresses?: ShippingAddress[];
  shipping_addresses_needs_agreement?: boolean;
  /** @deprecated by Kakao; use `shipping_addresses_needs_agreement`. */
  has_shipping_addresses?: boolean;
}

/** The answer of /v1/api/talk/profile: [SOCIAL] > Retrieve Kakao Talk profile. Fields are there with consent only. */
export interface TalkProfileResponse {
  nickName?: string;
  /** 640 pixels square. */
  profileImageURL?: string;
  /** 110 pixels square. */
  thumbnailURL?: string;
  /** @deprecated by Kakao. */
  countryISO?: string;
}

/** A friend in KakaoTalk who uses the app too: [SOCIAL] > Retrieve list of friends > Friend. */
export interface Friend {
  /** The service user id. */
  id?: number;
  /** For `receiver_uuids`. It is no lasting name of the user. */
  uuid: string;
  profile_nickname?: string;
  profile_thumbnail_image?: string;
  favorite?: boolean;
  /** Whether messages reach the friend. */
  allowed_msg?: boolean;
}

/** The answer of /v1/api/talk/friends and /v1/friends: [SOCIAL] > Retrieve list of friends. */
export interface FriendsResponse {
  elements?: Friend[];
  total_count: number;
  favorite_count?: number;
  /** The address of the page before. */
  before_url?: string | null;
  /** The address of the next page. */
  after_url?: string | null;
}

/** How the user stands to a channel: [CHANNEL] > Check Kakao Talk Channel relationship. */
export interface ChannelRelation {
  relation: 'ADDED' | 'BLOCKED' | 'NONE' | Other;
  /** UTC, RFC 3339. */
  created_at?: string;
  /** UTC, RFC 3339. */
  updated_at?: string;
}

/** The answer of /v2/api/talk/channels and /v1/api/talk/channels: [CHANNEL] > Check Kakao Talk Channel relationship. */
export interface ChannelsResponse {
  /** The service user id. */
  user_id: number;
  channels?: (ChannelRelation & { channel_uuid: string; channel_public_id: string })[];
}

/** The answer of /v1/api/talk/plusfriends, the older form of /v1/api/talk/channels. */
export interface PlusFriendsResponse {
  /** The service user id. */
  user_id: number;
  plus_friends?: (ChannelRelation & { plus_friend_uuid: string; plus_friend_public_id: string })[];
}

/** The answer of a message to oneself: [MESSAGE] > Send to me. */
export interface MemoResponse {
  /** 0 */
  result_code: number;
}

/** The answer of a message to friends: [MESSAGE] > Send to friends. */
export interface MessageResponse {
  successful_receiver_uuids?: string[];
  /** Only with several receivers; with one, the call fails. */
  failure_info?: { code: number; msg: string; receiver_uuids: string[] }[];
}

/** The answer of the template addresses: a message that is ready to be shared (Kakao Talk Share). */
export interface TemplateResponse {
  template_id: number;
  template_args?: Fields;
  template_msg: Fields;
  /** What Kakao has to say about the template. */
  warning_msg: { [name: string]: string };
  /** What Kakao has to say about `template_args`. */
  argument_msg: { [name: string]: string };
}

/** The answer of the image addresses: an image on Kakao's server (Kakao Talk Share > Upload image). */
export interface ImageResponse {
  infos: {
    original: {
      url: string;
      /** Bytes. */
      length: number;
      /** Such as 'image/png'. */
      content_type: string;
      /** Pixels. */
      width: number;
      /** Pixels. */
      height: number;
    };
  };
}

/** The answer of /v1/api/story/profile: [STORY] > Retrieve Kakao Story profile. */
export interface StoryProfileResponse {
  nickName?: string;
  profileImageURL?: string;
  thumbnailURL?: string;
  bgImageURL?: string;
  /** The user's page in KakaoStory. */
  permalink?: string;
  /** MMDD */
  birthday?: string;
  birthdayType?: 'SOLAR' | 'LUNAR';
}

/** Who wrote or liked something in KakaoStory. */
export interface StoryActor {
  display_name: string;
  profile_thumbnail_url?: string;
}

/** A post in KakaoStory: [STORY] > Retrieve my stories. */
export interface Story {
  id: string;
  url: string;
  content: string;
  /** UTC, RFC 3339. */
  created_at: string;
  media_type?: 'NOTE' | 'PHOTO' | 'LINK' | 'NOT_SUPPORTED' | Other;
  comment_count: number;
  like_count: number;
  permission?: 'PUBLIC' | 'FRIEND' | 'ONLY_ME' | Other;
  /** The addresses of the photos. */
  media?: { [size in 'original' | 'xlarge' | 'large' | 'medium' | 'small']?: string }[];
  /** Only of a single post. */
  comments?: { text: string; writer: StoryActor }[];
  /** Only of a single post. */
  likes?: { emotion: 'LIKE' | 'COOL' | 'HAPPY' | 'SAD' | 'CHEER_UP' | Other; actor: StoryActor }[];
}

/** What KakaoStory reads from a web page, and shows of it: [STORY] > Retrieve link information. */
export interface StoryLinkInfo {
  url?: string;
  requested_url?: string;
  host?: string;
  title?: string;
  /** The addresses of images. */
  image?: string[];
  description?: string;
  section?: string;
  /** Such as 'website'. */
  type?: string;
}

/** The answer of the posting addresses: [STORY] > Post. */
export interface StoryIdResponse {
  id: string;
}

/** Any fields: an answer that Kakao does not describe, or whose address the compiler does not know. */
export interface ApiResponse {
  [field: string]: any;
}

// Kakao.API: what it takes

/** Data of a call that takes none. */
export interface NoData {
  [name: string]: never;
}

/** Files to upload. */
export type Files = FileList | readonly Blob[];

/** Whether image addresses begin with https. */
export interface SecureResourceData {
  secure_resource?: boolean;
}

/** Tags of service terms. */
export interface TagsData {
  /** Separated by commas. */
  tags: string;
}

/** What the addresses of the list of friends take: [SOCIAL] > Retrieve list of friends. */
export interface FriendsData {
  /** How many friends to leave out. An integer, 0 if left out. */
  offset?: number;
  /** The most friends to answer. An integer, 10 if left out, at most 100. */
  limit?: number;
  /** 'asc' if left out. */
  order?: 'asc' | 'desc' | Other;
  /** 'favorite' if left out: favorites first. */
  friend_order?: 'favorite' | 'nickname' | Other;
  /** @deprecated Always true: false is sent as true, with a warning in the console. */
  secure_resource?: boolean;
}

/** A message made with the app's own template: [MESSAGE] > Send with custom template. */
export interface CustomMessageData {
  /** From Tools > Message Template. An integer. */
  template_id: number;
  /** The values of the template's variables. */
  template_args?: Fields;
}

/** A message made from a web page: [MESSAGE] > Send scrap message. */
export interface ScrapMessageData extends Partial<CustomMessageData> {
  /** The page, on a domain of the app. */
  request_url: string;
}

/** A message made here: [MESSAGE] > Send with default template. */
export interface DefaultMessageData {
  template_object: MessageTemplate;
}

/** Who gets a message. */
export interface ReceiverData {
  /** `uuid` of at most five friends. */
  receiver_uuids: readonly string[];
  /** 'uuid' if left out. */
  receiver_id_type?: 'uuid' | Other | undefined;
}

/** What the template addresses of Kakao Talk Share take beside the message. */
export interface SharedMessageData {
  /** '4.0' */
  link_ver: string;
  /** The JavaScript key of the app to share as, if it is another one. */
  target_app_key?: string;
}

/** Where a message leads: [MESSAGE] > Default template > Link. */
export interface MessageLink {
  /** For computers. */
  web_url?: string;
  /** For phones. */
  mobile_web_url?: string;
  android_execution_params?: string;
  ios_execution_params?: string;
}

/** What a message shows: [MESSAGE] > Default template > Content. */
export interface MessageContent {
  title?: string;
  description?: string;
  image_url?: string;
  /** Pixels. */
  image_width?: number;
  /** Pixels. */
  image_height?: number;
  link: MessageLink;
}

/**
 * A message: [MESSAGE] > Default template. Kakao checks it, so fields that are not here are let through.
 * `header_image_url`, `_width` and `_height` are deleted from the page's own object before it is sent to
 * KakaoTalk, with a warning in the console.
 */
export interface MessageTemplate {
  object_type?: 'feed' | 'list' | 'location' | 'commerce' | 'text' | 'calendar' | Other;
  /** Of a text: at most 200 characters. */
  text?: string;
  /** Of a text. */
  link?: MessageLink;
  /** Of a feed, a location and a product. */
  content?: MessageContent;
  /** Of a list: two or three. */
  contents?: readonly MessageContent[];
  /** Of a list. */
  header_title?: string;
  /** Of a list. */
  header_link?: MessageLink;
  /** Of a location. */
  address?: string;
  /** Of a location. */
  address_title?: string;
  /** Of a product: prices. */
  commerce?: {
    product_name?: string;
    regular_price: number;
    discount_price?: number;
    /** Percent. */
    discount_rate?: number;
    fixed_discount_price?: number;
    [field: string]: any;
  };
  social?: {
    like_count?: number;
    comment_count?: number;
    shared_count?: number;
    view_count?: number;
    subscriber_count?: number;
    [field: string]: any;
  };
  button_title?: string;
  /** At most two. */
  buttons?: readonly { title: string; link: MessageLink }[];
  [field: string]: any;
}

/** What all posts to KakaoStory take: [STORY] > Post. */
export interface StoryPostData {
  /** 1 to 2048 characters. */
  content?: string;
  /** 'A' for everyone, 'F' for friends, 'M' for oneself. 'A' if left out. */
  permission?: 'A' | 'F' | 'M';
  /** Whether others may share it. */
  enable_share?: boolean;
  /** Parameters of the app link on Android. */
  android_exec_param?: string;
  /** Parameters of the app link on iOS. */
  ios_exec_param?: string;
  /** Parameters of the link to the app's page in the Android market. */
  android_market_param?: string;
  /** Parameters of the link to the app's page in the App Store. */
  ios_market_param?: string;
}

/** What each address of `API.request` takes and answers; `files` is there where it takes files. */
export interface ApiCalls {
  // The user

  /** POST. Links the user with the app, if the app does not do that by itself: [JS] > Manual signup. */
  '/v1/user/signup': {
    data: {
      /** The app's user properties. */
      properties?: Fields;
    };
    response: UserIdResponse;
  };
  /** POST. Ends the link between the user and the app: [JS] > Unlink. */
  '/v1/user/unlink': { data: NoData; response: UserIdResponse };
  /** GET. The user's information: [JS] > Retrieving user information. */
  '/v2/user/me': {
    data: SecureResourceData & {
      /** Answers these only, such as ['kakao_account.email']. */
      property_keys?: readonly string[];
    };
    response: UserResponse;
  };
  /** POST. Ends the access token at Kakao; `Auth.logout` does more. Source: [REST] > Logout. */
  '/v1/user/logout': { data: NoData; response: UserIdResponse };
  /** POST. Stores user properties: [JS] > Storing user information. */
  '/v1/user/update_profile': {
    data: {
      /** The app's user properties. */
      properties: Fields;
    };
    response: UserIdResponse;
  };
  /** GET. What the access token is worth: [REST] > Retrieving token information. */
  '/v1/user/access_token_info': { data: NoData; response: TokenInfoResponse };
  /** GET. The user's information by the names of OpenID Connect: [REST] > Retrieving user information (OIDC). */
  '/v1/oidc/userinfo': { data: NoData; response: OidcUserResponse };
  /** GET. The user's shipping addresses: [JS] > Retrieving shipping address. */
  '/v1/user/shipping_address': {
    data: {
      /** Answers this one only. An integer. */
      address_id?: number;
      /** Answers those changed since: `updated_at` of the last one on the page before. Seconds, an integer. */
      from_updated_at?: number;
      /** The most addresses to answer. An integer, at least 2, 10 if left out. */
      page_size?: number;
    };
    response: ShippingAddressesResponse;
  };

  // Consents

  /** GET. What the user agreed to: [JS] > Retrieving consent details. */
  '/v2/user/scopes': {
    data: {
      /** Answers these only, such as ['account_email']. */
      scopes?: readonly string[];
    };
    response: ScopesResponse;
  };
  /** POST. Takes consents back: [JS] > Revoking consent. */
  '/v2/user/revoke/scopes': {
    data: {
      /** Those of /v2/user/scopes with revocable true; for others the call fails with -3. */
      scopes: readonly string[];
    };
    response: ScopesResponse;
  };
  /** GET. The service terms that the user agreed to: [JS] > Retrieving consent details for service terms. */
  '/v1/user/service/terms': {
    data: {
      /** 'app_service_terms' answers all terms of the app. */
      extra?: 'app_service_terms' | Other;
    };
    response: ServiceTermsResponse;
  };
  /** GET. The successor of /v1/user/service/terms: [REST] > Retrieving consent details for service terms. */
  '/v2/user/service_terms': {
    data: Partial<TagsData> & {
      /** 'agreed_service_terms' if left out. */
      result?: 'agreed_service_terms' | 'app_service_terms' | Other;
    };
    response: UserServiceTermsResponse;
  };
  /** POST. Takes consents to service terms back: [REST] > Revoke consent for service terms. */
  '/v2/user/revoke/service_terms': { data: TagsData; response: RevokedServiceTermsResponse };
  /** POST. Tells Kakao that the user agreed, on the page's own form: [REST] > Set consent to service terms. */
  '/v2/user/upgrade/service_terms': { data: TagsData; response: AgreedServiceTermsResponse };

  // KakaoTalk

  /** GET. The user's profile in KakaoTalk: [SOCIAL] > Retrieve Kakao Talk profile. */
  '/v1/api/talk/profile': {
    data: {
      /** @deprecated Always true: false is sent as true, with a warning in the console. */
      secure_resource?: boolean;
    };
    response: TalkProfileResponse;
  };
  /** GET. The user's friends who use the app too: [SOCIAL] > Retrieve list of friends. */
  '/v1/api/talk/friends': { data: FriendsData; response: FriendsResponse };
  /** GET. The older form of /v1/api/talk/friends. */
  '/v1/friends': { data: FriendsData; response: FriendsResponse };
  /** GET. Whether the user added the app's channels: [CHANNEL] > Check Kakao Talk Channel relationship. SDK v1 has none. */
  '/v2/api/talk/channels': {
    data: {
      /** Answers these only, separated by commas, such as '_frxjem'. */
      channel_ids?: string;
      /** 'channel_public_id' */
      channel_id_type?: 'channel_public_id' | Other;
    };
    response: ChannelsResponse;
  };
  /** GET. The older form of /v2/api/talk/channels. */
  '/v1/api/talk/channels': {
    data: {
      /** Answers these only, such as ['_frxjem']. */
      channel_public_ids?: readonly string[];
    };
    response: ChannelsResponse;
  };
  /** GET. The older form of /v1/api/talk/channels. */
  '/v1/api/talk/plusfriends': {
    data: {
      /** Answers these only. */
      plus_friend_public_ids?: readonly string[];
    };
    response: PlusFriendsResponse;
  };

  // Messages in KakaoTalk

  /** POST. Sends the user a message: [MESSAGE] > Send to me with custom template. */
  '/v2/api/talk/memo/send': { data: CustomMessageData; response: MemoResponse };
  /** POST. Sends the user a message: [MESSAGE] > Send to me with scrap. */
  '/v2/api/talk/memo/scrap/send': { data: ScrapMessageData; response: MemoResponse };
  /** POST. Sends the user a message: [MESSAGE] > Send to me with default template. */
  '/v2/api/talk/memo/default/send': { data: DefaultMessageData; response: MemoResponse };
  /** POST. Sends friends a message: [MESSAGE] > Send to friends with custom template. */
  '/v1/api/talk/friends/message/send': { data: CustomMessageData & ReceiverData; response: MessageResponse };
  /** POST. Sends friends a message: [MESSAGE] > Send to friends with scrap. */
  '/v1/api/talk/friends/message/scrap/send': { data: ScrapMessageData & ReceiverData; response: MessageResponse };
  /** POST. Sends friends a message: [MESSAGE] > Send to friends with default template. */
  '/v1/api/talk/friends/message/default/send': { data: DefaultMessageData & ReceiverData; response: MessageResponse };

  // Kakao Talk Share, with the app key instead of the access token

  /** GET. Makes a message from the app's own template ([1.43.5]). */
  '/v2/api/kakaolink/talk/template/validate': { data: CustomMessageData & SharedMessageData; response: TemplateResponse };
  /** GET. Makes a message from a web page ([1.43.5]). */
  '/v2/api/kakaolink/talk/template/scrap': { data: ScrapMessageData & SharedMessageData; response: TemplateResponse };
  /** GET. Makes a message ([1.43.5]). */
  '/v2/api/kakaolink/talk/template/default': { data: DefaultMessageData & SharedMessageData; response: TemplateResponse };
  /** POST. Uploads an image: Kakao Talk Share > Upload image. */
  '/v2/api/talk/message/image/upload': {
    data: { file: Files };
    /** Wins over `data.file`. */
    files?: Files;
    response: ImageResponse;
  };
  /** POST. Has Kakao fetch an image: Kakao Talk Share > Scrape image. */
  '/v2/api/talk/message/image/scrap': {
    data: {
      /** The image on the web. */
      image_url: string;
    };
    response: ImageResponse;
  };
  /** DELETE. Deletes an image: Kakao Talk Share > Delete image. */
  '/v2/api/talk/message/image/delete': {
    data: {
      /** `url` of an {@link ImageResponse}. */
      image_url: string;
    };
    response: ApiResponse;
  };

  // KakaoStory

  /** GET. Whether the user uses KakaoStory: [STORY] > Validate Kakao Story user. */
  '/v1/api/story/isstoryuser': { data: NoData; response: { isStoryUser: boolean } };
  /** GET. The user's profile in KakaoStory: [STORY] > Retrieve Kakao Story profile. */
  '/v1/api/story/profile': { data: SecureResourceData; response: StoryProfileResponse };
  /** GET. One post: [STORY] > Retrieve my story. */
  '/v1/api/story/mystory': { data: StoryIdResponse; response: Story };
  /** GET. The last posts: [STORY] > Retrieve my stories. */
  '/v1/api/story/mystories': {
    data: {
      /** Answers those before this post. */
      last_id?: string;
    };
    response: Story[];
  };
  /** GET. What to show of a web page: [STORY] > Retrieve link information. */
  '/v1/api/story/linkinfo': {
    data: {
      /** The web page. */
      url: string;
    };
    response: StoryLinkInfo;
  };
  /** POST. Posts a text: [STORY] > Post. */
  '/v1/api/story/post/note': {
    data: StoryPostData & {
      /** 1 to 2048 characters. */
      content: string;
    };
    response: StoryIdResponse;
  };
  /** POST. Posts photos: [STORY] > Post. */
  '/v1/api/story/post/photo': {
    data: StoryPostData & {
      /** What /v1/api/story/upload/multi answered: paths, no full addresses. */
      image_url_list: readonly string[];
    };
    response: StoryIdResponse;
  };
  /** POST. Posts a web page: [STORY] > Post. */
  '/v1/api/story/post/link': {
    data: StoryPostData & {
      /** What /v1/api/story/linkinfo answered. */
      link_info: StoryLinkInfo & Fields;
    };
    response: StoryIdResponse;
  };
  /** POST. Uploads photos for a post: [STORY] > Upload images. */
  '/v1/api/story/upload/multi': { data: NoData; files: Files; response: string[] };
  /** DELETE. Deletes a post: [STORY] > Delete my story. */
  '/v1/api/story/delete/mystory': { data: StoryIdResponse; response: ApiResponse };
}

/** The addresses that `API.request` calls. */
export type ApiPath = keyof ApiCalls;

/** The data that an address takes. */
export type ApiData<Path extends ApiPath> = ApiCalls[Path]['data'];

/** What an address answers. */
export type ApiAnswer<Path extends ApiPath> = ApiCalls[Path]['response'];

/** What `API.request` takes for every address. */
interface AnyRequestSettings<Url extends string, Answer> extends Callbacks<Answer, ApiError> {
  url: Url;
  /** @deprecated Accepted and never used, as in the legacy SDK; see `files`. */
  file?: File;
}

/** What `API.request` takes for one address. `data` is required where a parameter in it is. */
export type RequestSettings<Path extends ApiPath> = AnyRequestSettings<Path, ApiAnswer<Path>> &
  ({} extends ApiData<Path> ? { data?: ApiData<Path> | undefined } : { data: ApiData<Path> }) &
  Pick<ApiCalls[Path], keyof ApiCalls[Path] & 'files'>;

/**
 * What `API.request` takes where the compiler knows no address, because `url` is any string, or no data,
 * because `data` has any names.
 */
export interface UntypedRequestSettings<Url extends string = string, Data = Fields>
  extends AnyRequestSettings<Url, UntypedAnswer<Url>> {
  data?: Data | undefined;
  files?: Files;
}

/** What an address answers that the compiler may not know. */
type UntypedAnswer<Url extends string> = Url extends ApiPath ? ApiAnswer<Url> : ApiResponse;

/** `Kakao.API`. It is there after `Kakao.init`, not before, as in the legacy SDK. */
export interface KakaoAPI {
  /**
   * Calls an address of Kakao's REST API with the access token. An access token that is about to
   * expire is renewed before, and one that Kakao refuses, once after.
   * @param settings the page's own object; defaults are written into it, as the legacy SDK did
   * @returns a promise of the answer, the same that `success` gets; it is rejected with an
   *   {@link ApiError}. It may be left alone: a rejection that nobody listens to is silent
   * @throws {KakaoError} for an unknown address, and for data that it does not take. Only missing files
   *   reject the promise instead, and call no callback
   * @see [JS] > Kakao.API.request
   */
  request<Path extends ApiPath>(settings: RequestSettings<Path>): Promise<ApiAnswer<Path>>;
  request<Url extends string, Data extends object>(
    settings: string extends (Url extends ApiPath ? keyof Data : Url) ? UntypedRequestSettings<Url, Data> : never,
  ): Promise<UntypedAnswer<Url>>;

  /** Ends the requests under way without an answer. */
  cleanup(): void;
}

// Kakao

/** The Kakao object. */
export interface Kakao {
  /** The version of the SDK. */
  readonly VERSION: string;

  /**
   * Starts the SDK. Nothing of it works before.
   * @param appKey the app's JavaScript key
   * @param options see {@link InitOptions}; a string goes into the agent string that Kakao's servers get
   * @throws {KakaoError} 'already_initialized', 'missing_parameter', 'illegal_parameter' for an address
   *   that is not secure, 'webassembly_forbidden'
   * @see [JS] > Kakao.init
   */
  init(appKey: string, options?: InitOptions | string): void;

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

  /** Logging in and out. Undefined until `init` was called; see {@link KakaoBeforeInit}. */
  Auth: KakaoAuth;

  /** Calls of the REST API. Undefined until `init` was called; see {@link KakaoBeforeInit}. */
  API: KakaoAPI;
}

/**
 * {@link Kakao} as it is before `init`: `Auth` and `API` may be missing. For code that may run that early:
 * `(Kakao as KakaoBeforeInit).Auth?.getAccessToken()`.
 */
export type KakaoBeforeInit = Omit<Kakao, 'Auth' | 'API'> & Partial<Pick<Kakao, 'Auth' | 'API'>>;

/** The Kakao object of this package. The script tag's is `window.Kakao`. */
export const Kakao: Kakao;

export default Kakao;

/** The names that @types/kakao-js-sdk gives to the types of this surface, and those of the settings. */
export namespace Kakao {
  namespace Auth {
    export type {
      AuthButtonSize, AuthError, AuthLanguage, AuthorizeSettings, AutoLoginSettings, IssueAccessTokenSettings,
      LoginButtonSettings, LoginSettings, ShippingAddressSettings, UpdateShippingAddressSettings,
    };
    /** What `getStatusInfo` tells, and any fields of the user; {@link AuthStatus} knows more. */
    export interface AuthStatusObject {
      status: 'connected' | 'not_connected';
      user?: Fields | undefined;
    }
    /** What a login's `success` gets. */
    export type AuthSuccessObject = TokenResponse;
  }
  namespace API {
    export type { ApiError, ApiResponse, RequestSettings };
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

/** The detail of the event kakao:login. It holds neither a token nor a code. */
export interface LoginEventDetail {
  /**
   * How the login went: in a popup, by leading this window away (`redirect`), in KakaoTalk or another window whose code is
   * polled for (`talk`), or as a code of the page's own redirect URI that `issueAccessToken` exchanged (`code`).
   */
  kind: 'popup' | 'redirect' | 'talk' | 'code';
  /** `fail` for a login that ended in any other way than with a token. */
  status: 'success' | 'fail';
  /** Only for `fail`: the code that the call's `fail` gets too. */
  error?: string;
  /** Only for `fail`. */
  error_description?: string;
}

/** What the script tag adds to `window`. */
export interface KakaoWindow<Global = typeof globalThis> {
  /** The Kakao object; where another package or the page declares a global Kakao, that one's type. */
  Kakao: Global extends { Kakao: infer Theirs } ? Theirs : Kakao;
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
    /** The SDK dispatches it when a login has ended, after its callbacks, also for one that an earlier page began. */
    'kakao:login': CustomEvent<LoginEventDetail>;
    /** The page dispatches it to have the access token renewed now. */
    'kakao:renew': Event;
  }
}
