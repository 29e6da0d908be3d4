// Who is asking, for servers: by the session cookie where the token server is on the same host, and by a signed token
// elsewhere. It takes nothing but what browsers have, too, so that edge runtimes run it.

/** What went wrong between this server and the token server, or with a token. It holds neither token nor cookie. */
export class KakaoServerError extends Error {
  /**
   * @param {string} code stable, and made for programs
   * @param {string} message for developers
   * @param {{status: number, hint?: string, retryAfter?: number, cause?: unknown}} about status is the HTTP status of an answer
   *   that fits; retryAfter is in seconds
   */
  constructor(code, message, { status, hint, retryAfter, cause }) {
    super(hint ? `${message}; ${hint}` : message, { cause });
    Object.assign(this, { name: 'KakaoServerError', code, status, hint, retryAfter });
  }
}

/** The names that the session cookie may have (server/cookie.go), and the form of its value. */
const SESSION_COOKIE = /^(?:__Host-)?kakao_session(?:_[\w-]{8})?=[\w-]{43}$/;

const TIMEOUT = 3000; // milliseconds

/** @param {string} message @param {string} hint */
const misuse = (message, hint) => new KakaoServerError('illegal_parameter', message, { status: 500, hint });

/** @param {string} what @param {unknown} [cause] */
const unavailable = (what, cause) => new KakaoServerError('server_unavailable', what, {
  status: 503, cause, hint: 'check that the token server runs, and that its address ends with its base path, such as http://127.0.0.1:8480/kakao',
});

/** @param {string} address @param {number} status */
const somethingElse = (address, status) => `something else than a token server answers at ${address} (status ${status})`;

/**
 * The value of a header of what a framework has of a request.
 * @param {any} source a Request, an IncomingMessage, Headers, or a promise of one
 * @param {string} name in lower case
 * @returns {string}
 */
function headerOf(source, name) {
  const headers = source?.headers ?? source;
  if (typeof headers?.get === 'function' && typeof headers.has === 'function') return headers.get(name) ?? '';
  if (headers && headers === source?.headers) return headers[name] ?? '';
  throw misuse(
    `expected a request, got ${source === null ? 'null' : typeof source}`,
    "pass a Request, Node's request, Headers, or what headers() or cookies() of Next.js return",
  );
}

/**
 * The session cookies of a request, and nothing else of it.
 * @param {any} source
 */
function sessionCookies(source) {
  const isJar = typeof source?.getAll === 'function' && !(source instanceof Headers); // cookies() of Next.js
  const pairs = isJar
    ? source.getAll().map((/** @type {{name: string, value: string}} */ { name, value }) => `${name}=${value}`)
    : headerOf(source, 'cookie').split(/; */);
  return pairs.filter((/** @type {string} */ pair) => SESSION_COOKIE.test(pair)).join('; ');
}

/**
 * A base address, without a slash at its end.
 * @param {string} name of the option
 * @param {unknown} address
 */
function base(name, address) {
  const given = String(address ?? '');
  const url = URL.canParse(given) ? new URL(given) : undefined;
  if (!url || !/^https?:$/.test(url.protocol) || url.search || url.hash || url.username) {
    throw misuse(`${name} is no address of a token server`, 'pass it with its base path, such as http://127.0.0.1:8480/kakao');
  }
  return given.replace(/\/+$/, '');
}

/**
 * Asks the token server by GET.
 * @param {string} address
 * @param {string} cookie
 * @param {number} timeout in milliseconds
 */
async function ask(address, cookie, timeout) {
  let response;
  try {
    response = await fetch(address, {
      headers: { accept: 'application/json', cookie }, redirect: 'manual', cache: 'no-store', signal: AbortSignal.timeout(timeout),
    });
    return { status: response.status, retryAfter: Number(response.headers.get('retry-after')) || undefined, answer: await response.json() };
  } catch (cause) {
    throw unavailable(response ? somethingElse(address, response.status) : `${address} does not answer (within ${timeout} ms)`, cause);
  }
}

/** @param {unknown} text */
const words = (text) => (typeof text === 'string' && text ? text.split(' ') : []);

/**
 * Who is asking, by the session cookie of a request to the host of the token server.
 * @param {any} source see server.d.ts, as for the options
 * @param {{server: string|URL, timeout?: number}} options
 * @returns {Promise<{userId: string|null, scope: string[], expiresIn: number}|null>} null if nobody is logged in
 */
export async function getSession(source, { server, timeout = TIMEOUT } = /** @type {any} */ ({})) {
  const address = `${base('server', server)}/session`;
  const cookie = sessionCookies(await source);
  if (!cookie) return null;
  const { status, retryAfter, answer } = await ask(address, cookie, timeout);
  if (typeof answer?.error === 'string') {
    const { error: code, error_description: description = code, hint } = answer;
    throw new KakaoServerError(code, `${address}: ${description}`, { status: status === 429 || status === 503 ? 503 : 502, hint, retryAfter });
  }
  if (status !== 200 || typeof answer?.authenticated !== 'boolean') throw unavailable(somethingElse(address, status));
  if (!answer.authenticated) return null;
  return { userId: answer.user_id || null, scope: words(answer.scope), expiresIn: answer.expires_in };
}

/** The keys of an issuer, which jose keeps and fetches again for a key that it does not know. @type {Map<string, any>} */
const keySets = new Map();

/** @returns {Promise<any>} */
async function loadJose() {
  try {
    return await import('jose');
  } catch (cause) {
    throw new KakaoServerError('jose_missing', 'verifySessionToken needs the package jose', { status: 500, hint: 'npm install jose', cause });
  }
}

/** What is wrong with a token, by the code of jose's error: our code, what happened, what to do. @type {Record<string, string[]>} */
const FAULTS = {
  ERR_JWT_EXPIRED: ['token_expired', 'the session token has expired', 'have the page ask for a new one at session/token'],
  ERR_JWKS_NO_MATCHING_KEY: ['unknown_key', 'the session token is signed with a key that its issuer does not show', 'check that issuer and server are those of the token server that signed it'],
  aud: ['wrong_audience', 'the session token is for another back end', 'compare audience with --token-audience of the token server'],
  iss: ['wrong_issuer', 'the session token is from another issuer', 'issuer is the public URL of the token server'],
};

/** The same for what is no token of a token server at all. */
const NO_TOKEN = ['invalid_token', 'this is no session token', 'pass the token that session/token has answered, as it came'];

/** jose's errors that say that the keys could not be had. */
const NO_KEYS = ['ERR_JWKS_TIMEOUT', 'ERR_JWKS_INVALID', 'ERR_JOSE_GENERIC'];

/**
 * The error of a token that jose refused.
 * @param {any} cause
 * @param {string} address of the keys
 */
function fault(cause, address) {
  if (!cause?.code || NO_KEYS.includes(cause.code)) return unavailable(`the keys at ${address} cannot be had`, cause);
  const [code = '', message = '', hint] = FAULTS[cause.claim] ?? FAULTS[cause.code] ?? NO_TOKEN;
  return new KakaoServerError(code, message, { status: 401, hint });
}

/**
 * Whether an address may be plain http: one of this machine.
 * @param {string} hostname
 */
const isLoopback = (hostname) => /^(localhost|.+\.localhost|127(\.\d+){3}|\[::1\])$/.test(hostname);

/** @param {unknown} source a token, or a request that brings one */
async function tokenOf(source) {
  if (typeof source === 'string') return source;
  const [, token] = /^Bearer +(\S+) *$/i.exec(headerOf(await source, 'authorization')) ?? [];
  if (token) return token;
  throw new KakaoServerError('login_required', 'the request brings no session token', { status: 401, hint: 'have the page send it as Authorization: Bearer' });
}

/**
 * Who is asking, by the token that the page got from the token server and sent along.
 * @param {any} source see server.d.ts, as for the options
 * @param {{issuer: string|URL, audience: string, server?: string|URL, timeout?: number}} options
 * @returns {Promise<{userId: string, sid: string, scope: string[], loggedInAt: Date, expiresAt: Date}>}
 */
export async function verifySessionToken(source, { issuer, audience, server = issuer, timeout = TIMEOUT } = /** @type {any} */ ({})) {
  const expected = base('issuer', issuer);
  const address = `${base('server', server)}/.well-known/jwks.json`;
  if (typeof audience !== 'string' || !audience) throw misuse('audience is missing', 'without it, a token that another back end was given counts here');
  const { protocol, hostname } = new URL(expected);
  if (server === issuer && protocol === 'http:' && !isLoopback(hostname)) {
    throw misuse('issuer is plain http, so that anybody on the way can change the keys', 'take https, or name the address inside of your network as server');
  }
  const token = await tokenOf(source);
  const { createRemoteJWKSet, jwtVerify } = await loadJose();
  const keys = keySets.get(address) ?? createRemoteJWKSet(new URL(address), { timeoutDuration: timeout });
  keySets.set(address, keys);
  const { payload } = await jwtVerify(token, keys, {
    issuer: expected, audience, algorithms: ['RS256', 'EdDSA'], requiredClaims: ['sub', 'sid', 'exp', 'auth_time'],
  }).catch((/** @type {unknown} */ cause) => { throw fault(cause, address); });
  return {
    userId: payload.sub, sid: payload.sid, scope: words(payload.scope),
    loggedInAt: new Date(payload.auth_time * 1000), expiresAt: new Date(payload.exp * 1000),
  };
}
