// The types of kakaowasm/server. They name no library of types: neither the DOM's nor Node's.

/** Headers by name, as in a Request. */
interface HeadersLike {
  get(name: string): string | null | undefined;
  has(name: string): boolean;
}

/** Headers as a record, as in Node's request. */
interface NodeHeaders {
  readonly cookie?: string | undefined;
  readonly authorization?: string | undefined;
}

/** A request, as frameworks have it. */
interface RequestLike {
  readonly headers: HeadersLike | NodeHeaders;
}

/** What `cookies()` of Next.js gives. */
interface CookieJar {
  getAll(): readonly { readonly name: string; readonly value: string }[];
}

/**
 * Where the user's cookie or token is: a `Request` (Next.js, Hono as `c.req.raw`, Nuxt's event), the request of Node.js or
 * Express, `Headers`, or what `headers()` of Next.js returns.
 */
export type RequestSource = RequestLike | HeadersLike | PromiseLike<RequestLike | HeadersLike>;

/** The same, or what `cookies()` of Next.js returns. */
export type CookieSource = RequestSource | CookieJar | PromiseLike<CookieJar>;

/** What `getSession` takes. */
export interface SessionOptions {
  /** Where this server reaches the token server, with the base path, such as 'http://127.0.0.1:8480/kakao'. */
  server: string | { readonly href: string; toString(): string };
  /** How long the token server may take, in milliseconds; 3,000 if left out. */
  timeout?: number | undefined;
}

/** Who is asking. */
export interface KakaoSession {
  /** Kakao's service user ID, which is a number of up to 19 digits, as text. null if Kakao did not say. */
  userId: string | null;
  /** What the user has agreed to. */
  scope: string[];
  /** Seconds until the access token expires. The session lives on: the token server renews the token when it is asked. */
  expiresIn: number;
}

/**
 * Who is asking, by the session cookie of a request to the host of the token server. The token server gets the session cookie
 * and nothing else of the request; without one it is not asked.
 * @returns a promise of the session; of null if nobody is logged in
 * @throws {KakaoServerError} if the token server does not answer, or what is passed is none
 */
export function getSession(source: CookieSource, options: SessionOptions): Promise<KakaoSession | null>;

/** What `verifySessionToken` takes. */
export interface TokenOptions {
  /** The public URL of the token server, such as 'https://app.example.com/kakao'. */
  issuer: string | { readonly href: string; toString(): string };
  /** Your back end, as `--token-audience` of the token server names it. */
  audience: string;
  /** Where this server reaches the token server for its keys, if not at the issuer's address. */
  server?: string | { readonly href: string; toString(): string } | undefined;
  /** How long the keys may take, in milliseconds; 3,000 if left out. */
  timeout?: number | undefined;
}

/** Who is asking, as the token server has signed it. */
export interface VerifiedSession {
  /** Kakao's service user ID, as text. */
  userId: string;
  /** A name of the session, which the token server's notifications use, too. */
  sid: string;
  /** What the user has agreed to. */
  scope: string[];
  loggedInAt: Date;
  /** When the token expires: five minutes after it was made, at most. A logout does not end it. */
  expiresAt: Date;
}

/**
 * Who is asking, by the token that the page got from the token server (`POST session/token`) and sent along. It needs the
 * package `jose`.
 * @param source the token, or the request that brings it as `Authorization: Bearer`
 * @returns a promise of the session
 * @throws {KakaoServerError} with status 401 for a token that counts not here, 503 if the keys cannot be had
 */
export function verifySessionToken(source: string | RequestSource, options: TokenOptions): Promise<VerifiedSession>;

/** The codes of a {@link KakaoServerError}; those of the token server, too. */
export type KakaoServerErrorCode =
  /** What was passed is no request, address or audience. */
  | 'illegal_parameter'
  /** The token server does not answer, or something else answers in its place. */
  | 'server_unavailable'
  /** The token server's store is busy or away; try again. */
  | 'temporarily_unavailable'
  /** The request brings no token. */
  | 'login_required'
  /** The token has expired; the page gets another one. */
  | 'token_expired'
  /** The token is for another back end. */
  | 'wrong_audience'
  /** The token is from another issuer. */
  | 'wrong_issuer'
  /** The token is signed with a key that the issuer does not show. */
  | 'unknown_key'
  /** It is no token of a token server, or was changed. */
  | 'invalid_token'
  /** The package jose is not installed. */
  | 'jose_missing'
  | (string & {});

/** What went wrong. It holds neither token nor cookie. */
export class KakaoServerError extends Error {
  constructor(code: KakaoServerErrorCode, message: string, about: { status: number; hint?: string; retryAfter?: number; cause?: unknown });
  /** Stable, and made for programs. */
  readonly code: KakaoServerErrorCode;
  /** The HTTP status that fits an answer to the user: 401, 500, 502 or 503. */
  readonly status: number;
  /** What to do about it, in a sentence for developers. */
  readonly hint: string | undefined;
  /** Seconds to wait before the next try, if the token server said so. */
  readonly retryAfter: number | undefined;
}
