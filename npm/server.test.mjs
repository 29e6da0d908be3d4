// Tests of kakaowasm/server against the real token server and the emulator, and against servers and tokens that are not.

import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { createServer, IncomingMessage } from 'node:http';
import { after, before, beforeEach, describe, test } from 'node:test';
import { createEmulator } from '@kakaowasm/emulator';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { freePort, startTokenServer } from '../examples/tokenserver.mjs';
import { getSession, KakaoServerError, verifySessionToken } from './server.js';

process.env.KAKAOWASM_BINARY ??= new URL('../dist/kakaowasm', import.meta.url).pathname;

const AUDIENCE = 'https://api.test';
const SESSION = 'a'.repeat(43);

/** Starts a server that answers as it is told, and notes what it was asked. */
async function listen(t, answer) {
  const asked = [];
  const server = createServer((request, response) => {
    asked.push({ url: request.url, headers: request.headers });
    answer(request, response);
  });
  await new Promise((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  t.after(() => { server.close(); server.closeAllConnections(); });
  return { url: `http://127.0.0.1:${server.address().port}/kakao`, asked };
}

const json = (value, status = 200) => (_, response) => response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
const withCookie = (cookie) => new Request('https://app.test/', { headers: { cookie } });

describe('with a token server', () => {
  let kakao;
  let tokens;
  let server; // its address, which is its public URL, too
  let cookie; // of a user who is logged in
  let user;

  before(async () => {
    const port = await freePort();
    const origin = `http://127.0.0.1:${port}`;
    server = `${origin}/kakao`;
    kakao = await createEmulator({ redirectUris: [`${server}/callback`] });
    tokens = await startTokenServer(kakao, origin, ['--addr', `127.0.0.1:${port}`, '--token-audience', `${origin}=${AUDIENCE}`, '--token-audience', `${origin}=https://other.test`]);
    [user] = await kakao.users.list();
    cookie = await logIn();
  }, { timeout: 60_000 });
  after(async () => {
    await tokens?.close();
    await kakao?.close();
  });

  /** Logs in as a browser does, and returns the session cookie. */
  async function logIn() {
    const { KAKAO_JAVASCRIPT_KEY: key } = await kakao.env();
    await kakao.logInAs(user);
    const verifier = randomBytes(32).toString('base64url');
    const query = {
      client_id: key, redirect_uri: `${server}/callback`, response_type: 'code', state: 'state', scope: 'profile_nickname',
      code_challenge: createHash('sha256').update(verifier).digest('base64url'), code_challenge_method: 'S256',
    };
    const { headers } = await fetch(`${kakao.url}/oauth/authorize?${new URLSearchParams(query)}`, { redirect: 'manual' });
    const code = new URL(headers.get('location')).searchParams.get('code');
    const answer = await post('token', { code, code_verifier: verifier, redirect_uri: `${server}/callback` });
    assert.equal(answer.status, 200, await answer.clone().text());
    return answer.headers.getSetCookie().map((line) => line.split(';')[0]).find((pair) => /kakao_session/.test(pair));
  }

  /** Asks the token server as a page does. */
  const post = (path, body, headers = {}) => fetch(`${server}/${path}`, {
    method: 'POST', body: JSON.stringify(body), headers: { 'Content-Type': 'application/json', Kakaowasm: '1', Origin: new URL(server).origin, ...headers },
  });

  /** A token about the session, as a page gets it. */
  async function sessionToken(audience = AUDIENCE) {
    const answer = await post('session/token', { audience }, { cookie });
    assert.equal(answer.status, 200, await answer.clone().text());
    return (await answer.json()).token;
  }

  test('getSession says who it is', async () => {
    const { userId, scope, expiresIn } = await getSession(withCookie(`theme=dark; ${cookie}; _ga=1`), { server });
    assert.deepEqual([userId, scope], [String(user.id), ['profile_nickname']]);
    assert.ok(expiresIn > 0);
  });

  test('getSession says that it is nobody', async () => {
    assert.equal(await getSession(withCookie(cookie.replace(/=.*/, `=${SESSION}`)), { server }), null);
  });

  test('a slash at the end, and a URL, are the same address', async () => {
    for (const address of [`${server}/`, new URL(server)]) assert.ok(await getSession(withCookie(cookie), { server: address }));
  });

  test('verifySessionToken says who it is, for a token and for the request that brings it', async () => {
    const token = await sessionToken();
    const options = { issuer: server, audience: AUDIENCE };
    const session = await verifySessionToken(token, options);
    assert.deepEqual([session.userId, session.scope], [String(user.id), ['profile_nickname']]);
    assert.match(session.sid, /^\w{20,}$/);
    assert.ok(session.expiresAt > new Date() && session.loggedInAt <= new Date());
    const request = new Request('https://api.test/', { headers: { authorization: `Bearer ${token}` } });
    assert.deepEqual(await verifySessionToken(request, options), session);
    assert.deepEqual(await verifySessionToken({ headers: { authorization: `bearer ${token}` } }, options), session);
  });

  test('a token for another back end does not count', async () => {
    const token = await sessionToken('https://other.test');
    await assert.rejects(verifySessionToken(token, { issuer: server, audience: AUDIENCE }), { code: 'wrong_audience', status: 401 });
  });

  test('a token of another issuer does not count, even if its keys are asked for here', async () => {
    const token = await sessionToken();
    await assert.rejects(verifySessionToken(token, { issuer: 'https://app.test/kakao', server, audience: AUDIENCE }), { code: 'wrong_issuer', status: 401 });
  });

  test('a changed token does not count', async () => {
    const [header, payload, signature] = (await sessionToken()).split('.');
    const other = Buffer.from(JSON.stringify({ ...JSON.parse(Buffer.from(payload, 'base64url')), sub: '1' })).toString('base64url');
    for (const token of [`${header}.${other}.${signature}`, `${header}.${payload}.`, `${header}.${payload}`, '', 'x', `${header}.${payload}.${signature.slice(0, -8)}AAAAAAAA`]) {
      await assert.rejects(verifySessionToken(token, { issuer: server, audience: AUDIENCE }), { code: 'invalid_token', status: 401 });
    }
  });

  test('a logout counts at once for getSession', async () => {
    const over = await logIn();
    assert.ok(await getSession(withCookie(over), { server }));
    assert.equal((await post('logout', {}, { cookie: over })).status, 204);
    assert.equal(await getSession(withCookie(over), { server }), null);
  });
});

describe('where the cookie may be', () => {
  const cookie = `kakao_session_abcdefgh=${SESSION}`;
  const node = Object.assign(new IncomingMessage(), { headers: { cookie: `a=1; ${cookie}` } });
  const jar = { getAll: () => [{ name: 'a', value: '1' }, { name: 'kakao_session_abcdefgh', value: SESSION }], get: () => undefined, has: () => true };
  for (const [name, source] of Object.entries({
    'a Request': withCookie(`a=1; ${cookie}`),
    Headers: new Headers({ cookie }),
    "Node's request, and Express's": node,
    'headers() of Next.js': Promise.resolve(new Headers({ cookie })),
    'cookies() of Next.js': Promise.resolve(jar),
    'cookies() of Next.js, awaited': jar,
    "Nuxt's event": { node: { req: node }, headers: new Headers({ cookie }) },
  })) {
    test(name, async (t) => {
      const { url, asked } = await listen(t, json({ authenticated: true, user_id: '1', scope: '', expires_in: 5 }));
      assert.deepEqual(await getSession(source, { server: url }), { userId: '1', scope: [], expiresIn: 5 });
      assert.deepEqual(asked.map(({ url: path, headers }) => [path, headers.cookie]), [['/kakao/session', cookie]]);
    });
  }

  for (const source of [undefined, null, 'cookie', {}, { req: { headers: {} } }, { get: () => undefined }]) {
    test(`not in ${JSON.stringify(source)}, which says what to pass`, async () => {
      await assert.rejects(getSession(source, { server: 'http://127.0.0.1:1/kakao' }), { code: 'illegal_parameter', hint: /pass a Request/ });
    });
  }
});

describe('what goes to the token server', () => {
  test('the session cookies, and nothing else of the request', async (t) => {
    const { url, asked } = await listen(t, json({ authenticated: false }));
    const headers = {
      cookie: `__Host-kakao_session_12345678=${SESSION}; sid=secret; kakao_session=${SESSION}; kakao_logout_12345678=${SESSION}; xkakao_session=${SESSION}`,
      authorization: 'Bearer secret', 'x-forwarded-for': '1.2.3.4', origin: 'https://evil.test',
    };
    assert.equal(await getSession(new Request('https://app.test/?secret', { headers }), { server: url }), null);
    assert.equal(asked[0].headers.cookie, `__Host-kakao_session_12345678=${SESSION}; kakao_session=${SESSION}`);
    assert.doesNotMatch(JSON.stringify(asked), /secret|1\.2\.3\.4|evil|logout/);
  });

  for (const cookie of ['', 'a=1', 'kakao_session=short', `kakao_session=${SESSION}x`, `kakao_session=${'é'.repeat(43)}`, `kakao_session_toolongname=${SESSION}`]) {
    test(`nothing for ${JSON.stringify(cookie.slice(0, 30))}: nobody is logged in`, async (t) => {
      const { url, asked } = await listen(t, json({ authenticated: true, user_id: '1' }));
      assert.equal(await getSession({ headers: { cookie } }, { server: url }), null);
      assert.deepEqual(asked, []);
    });
  }

  test('a redirect is not followed: the cookie stays here', async (t) => {
    const elsewhere = await listen(t, json({ authenticated: true, user_id: '1' }));
    const { url } = await listen(t, (_, response) => response.writeHead(302, { location: elsewhere.url }).end());
    await assert.rejects(getSession(withCookie(`kakao_session=${SESSION}`), { server: url }), { code: 'server_unavailable' });
    assert.deepEqual(elsewhere.asked, []);
  });
});

describe('a token server that is none, or cannot', () => {
  const request = withCookie(`kakao_session=${SESSION}`);
  const rejected = (server, options) => getSession(request, { server, ...options }).then(() => assert.fail('it answered'), (error) => {
    assert.ok(error instanceof KakaoServerError);
    assert.ok(!`${error.message}${JSON.stringify(error)}${String(error.cause)}`.includes(SESSION));
    return error;
  });

  test('nobody listens', async () => {
    const { code, status, message } = await rejected(`http://127.0.0.1:${await freePort()}/kakao`);
    assert.deepEqual([code, status], ['server_unavailable', 503]);
    assert.match(message, /^http:\/\/127\.0\.0\.1:\d+\/kakao\/session does not answer.*; check that the token server runs/);
  });

  test('it never answers', async (t) => {
    const { url } = await listen(t, () => {});
    assert.equal((await rejected(url, { timeout: 50 })).code, 'server_unavailable');
  });

  test('it never ends its answer', async (t) => {
    const { url } = await listen(t, (_, response) => response.writeHead(200, { 'content-type': 'application/json' }).write('{'));
    assert.equal((await rejected(url, { timeout: 50 })).code, 'server_unavailable');
  });

  for (const [name, answer] of Object.entries({
    'a page': (_, response) => response.end('<!doctype html>'), 'other JSON': json({ ok: true }), 'no object': json(null), 'a text': json('yes'),
    'a session with status 500': json({ authenticated: true, user_id: '1' }, 500), 'authenticated that is no boolean': json({ authenticated: 'true' }),
  })) {
    test(`it answers ${name}`, async (t) => {
      const { url } = await listen(t, answer);
      const { code, message } = await rejected(url);
      assert.equal(code, 'server_unavailable');
      assert.match(message, /something else than a token server answers at .*\/kakao\/session \(status \d+\)/);
    });
  }

  test('its store is away', async (t) => {
    const { url } = await listen(t, (_, response) => response.writeHead(503, { 'retry-after': '3' }).end('{"error":"temporarily_unavailable","error_description":"the session store does not answer; try again"}'));
    const { code, status, retryAfter, message } = await rejected(url);
    assert.deepEqual([code, status, retryAfter], ['temporarily_unavailable', 503, 3]);
    assert.match(message, /the session store does not answer/);
  });

  test('it is asked by a name that is not its own', async (t) => {
    const { url } = await listen(t, json({ error: 'invalid_request', error_description: 'the Host header names another host' }, 421));
    assert.deepEqual(await rejected(url).then(({ code, status }) => [code, status]), ['invalid_request', 502]);
  });

  for (const server of [undefined, '', 'kakao', '/kakao', 'ftp://a.test/kakao', 'http://user:pass@a.test/kakao', 'http://a.test/kakao?x=1']) {
    test(`its address is ${JSON.stringify(server)}`, async () => {
      const { code, message } = await rejected(server);
      assert.equal(code, 'illegal_parameter');
      assert.match(message, /^server is no address of a token server; pass it with its base path/);
      assert.ok(!message.includes('user:pass'));
    });
  }
});

describe('hostile tokens', () => {
  let keys; // what the issuer signs with now
  let shown; // what it shows
  let issuer;
  let asked;
  const claims = { sub: '7', sid: 'S', scope: 'a b', auth_time: 1_700_000_000 };

  async function newKey(kid, algorithm = 'EdDSA') {
    const { privateKey, publicKey } = await generateKeyPair(algorithm, { extractable: true });
    return { privateKey, jwk: { ...await exportJWK(publicKey), kid, alg: algorithm, use: 'sig' }, kid, algorithm };
  }

  const sign = (payload = {}, { key = keys, header = {} } = {}) => new SignJWT({ iss: issuer, aud: AUDIENCE, exp: Math.floor(Date.now() / 1000) + 60, ...claims, ...payload })
    .setProtectedHeader({ alg: key.algorithm, kid: key.kid, ...header }).sign(key.privateKey);
  const verify = (token, options) => verifySessionToken(token, { issuer, audience: AUDIENCE, ...options });

  before(async () => { keys = await newKey('one', 'RS256'); });
  beforeEach(async (t) => {
    shown = [keys.jwk];
    ({ url: issuer, asked } = await listen(t, (request, response) => json({ keys: shown })(request, response)));
  });

  test('a good one, with RS256 and with EdDSA', async () => {
    const ed = await newKey('ed');
    shown.push(ed.jwk);
    assert.equal((await verify(await sign())).userId, '7');
    assert.deepEqual((await verify(await sign({}, { key: ed }), { server: `${issuer}/` })).scope, ['a', 'b']);
    assert.equal(asked.length, 1);
  });

  for (const [name, payload, code] of [
    ['that has expired', { exp: 1_700_000_000 }, 'token_expired'],
    ['for another back end', { aud: 'https://other.test' }, 'wrong_audience'],
    ['for nobody', { aud: undefined }, 'wrong_audience'],
    ['of another issuer', { iss: 'https://evil.test' }, 'wrong_issuer'],
    ['that never expires', { exp: undefined }, 'invalid_token'],
    ['about nobody', { sub: undefined }, 'invalid_token'],
    ['that is an ID token of somebody else with the same keys', { sid: undefined, auth_time: undefined }, 'invalid_token'],
    ['that is not valid yet', { nbf: 4_000_000_000 }, 'invalid_token'],
  ]) {
    test(`one ${name}`, async () => {
      await assert.rejects(verify(await sign(payload)), (error) => {
        assert.deepEqual([error.code, error.status, error.cause], [code, 401, undefined]);
        return true;
      });
    });
  }

  test('one without a signature', async () => {
    const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const payload = part({ iss: issuer, aud: AUDIENCE, exp: 4_000_000_000, ...claims });
    for (const alg of ['none', 'None', 'NONE']) await assert.rejects(verify(`${part({ alg })}.${payload}.`), { code: 'invalid_token', status: 401 });
  });

  test('one that is signed with the public key as a secret', async () => {
    const secret = new TextEncoder().encode(JSON.stringify(keys.jwk));
    const token = await sign({}, { key: { privateKey: secret, algorithm: 'HS256', kid: 'one' } });
    await assert.rejects(verify(token), { code: 'invalid_token', status: 401 });
  });

  test('one that brings its own key, or the address of one', async (t) => {
    const own = await newKey('own');
    const evil = await listen(t, json({ keys: [own.jwk] }));
    for (const header of [{ jwk: own.jwk }, { jku: evil.url }, { x5u: evil.url }]) {
      await assert.rejects(verify(await sign({}, { key: own, header })), { code: 'unknown_key', status: 401 });
    }
    assert.deepEqual(evil.asked, []);
  });

  test('a key that is new is fetched; one that nobody shows is a sentence', async (t) => {
    await verify(await sign());
    const next = await newKey('two');
    const token = await sign({}, { key: next });
    await assert.rejects(verify(token), (error) => {
      assert.match(error.message, /signed with a key that its issuer does not show; check that issuer and server/);
      return error.code === 'unknown_key';
    });
    shown = [keys.jwk, next.jwk];
    t.mock.timers.enable({ apis: ['Date'], now: Date.now() + 31_000 }); // jose fetches keys twice a minute at the most
    assert.equal((await verify(token)).userId, '7');
    assert.ok(asked.every(({ url, headers }) => url === '/kakao/.well-known/jwks.json' && !headers.cookie));
  });

  test('keys that cannot be had are no fault of the token', async (t) => {
    const token = await sign();
    for (const answer of [(_, response) => response.writeHead(500).end(), (_, response) => response.end('<html>'), json({}), () => {}]) {
      const { url: server } = await listen(t, answer);
      await assert.rejects(verify(token, { server, timeout: 200 }), { code: 'server_unavailable', status: 503 });
    }
    await assert.rejects(verify(token, { server: `http://127.0.0.1:${await freePort()}/kakao` }), { code: 'server_unavailable', status: 503 });
  });
});

describe('what verifySessionToken is told', () => {
  const options = { issuer: 'https://app.test/kakao', audience: AUDIENCE };
  const rejects = (source, given, error) => assert.rejects(verifySessionToken(source, given), error);

  test('no issuer, no audience, nothing', async () => {
    await rejects('x', undefined, { code: 'illegal_parameter', message: /^issuer is no address/ });
    await rejects('x', { ...options, issuer: 'app.test' }, { code: 'illegal_parameter', message: /^issuer is no address/ });
    for (const audience of [undefined, '', ['a']]) await rejects('x', { ...options, audience }, { code: 'illegal_parameter', message: /^audience is missing; without it/ });
  });

  test('keys over plain http, from elsewhere', async () => {
    await rejects('x', { ...options, issuer: 'http://app.test/kakao' }, { code: 'illegal_parameter', message: /plain http/ });
  });

  test('a request without a token', async () => {
    for (const headers of [{}, { authorization: 'Basic eA==' }, { authorization: 'Bearer ' }]) {
      await rejects(new Request('https://api.test', { headers }), options, { code: 'login_required', status: 401 });
    }
  });
});
