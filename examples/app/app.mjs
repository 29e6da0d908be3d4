// A small web app with Kakao Login, as the tests of the other folders need one: no framework, no dependency.

import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';

const text = (response, status, body, headers = {}) => {
  response.writeHead(status, { 'Content-Type': 'text/html; charset=utf-8', ...headers }).end(body);
};
const escaped = (value) => String(value).replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`);
const page = (body) => `<!doctype html><html lang="ko"><meta charset="utf-8"><title>작은 가게</title><main><h1>작은 가게</h1>${body}</main>`;

/** Exchanges a code for an access token and asks who that is. */
async function whoIs(env, code, redirectUri) {
  const form = { grant_type: 'authorization_code', client_id: env.KAKAO_REST_API_KEY, client_secret: env.KAKAO_CLIENT_SECRET, redirect_uri: redirectUri, code };
  const tokens = await fetch(`${env.KAKAO_AUTH_ORIGIN}/oauth/token`, { method: 'POST', body: new URLSearchParams(form) });
  if (!tokens.ok) throw new Error(`token endpoint: ${tokens.status}`);
  const { access_token: token } = await tokens.json();
  const me = await fetch(`${env.KAKAO_API_ORIGIN}/v2/user/me`, { headers: { Authorization: `Bearer ${token}` } });
  if (!me.ok) throw new Error(`user information: ${me.status}`);
  return (await me.json()).kakao_account?.profile?.nickname ?? '손님';
}

/**
 * The app, not yet listening.
 * @param {Record<string, string>} env KAKAO_AUTH_ORIGIN, KAKAO_API_ORIGIN, KAKAO_REST_API_KEY, KAKAO_CLIENT_SECRET
 */
export function createApp(env) {
  const states = new Set();
  return createServer(async (request, response) => {
    const origin = `http://${request.headers.host}`;
    const { pathname, searchParams } = new URL(request.url, origin);
    const redirectUri = `${origin}/callback`;
    if (pathname === '/') return text(response, 200, page('<a href="/login">카카오로 로그인</a>'));
    if (pathname === '/login') {
      const state = randomBytes(16).toString('hex');
      states.add(state);
      const query = new URLSearchParams({ client_id: env.KAKAO_REST_API_KEY, redirect_uri: redirectUri, response_type: 'code', state });
      return text(response, 302, '', { Location: `${env.KAKAO_AUTH_ORIGIN}/oauth/authorize?${query}` });
    }
    if (pathname !== '/callback') return text(response, 404, page('<p>없는 페이지입니다.</p>'));
    if (!states.delete(searchParams.get('state'))) return text(response, 400, page('<p>다시 로그인해 주세요.</p>'));
    if (searchParams.has('error')) return text(response, 200, page('<p>로그인을 취소했습니다.</p><a href="/login">카카오로 로그인</a>'));
    try {
      const name = await whoIs(env, searchParams.get('code'), redirectUri);
      return text(response, 200, page(`<p>${escaped(name)}님, 안녕하세요.</p>`));
    } catch {
      return text(response, 502, page('<p>지금은 로그인할 수 없습니다.</p><a href="/login">다시 시도</a>'));
    }
  });
}

/** Starts the app on a free port and registers its callback at an emulator. */
export async function serve(kakao) {
  const server = createApp(await kakao.env());
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${server.address().port}`;
  await kakao.allowRedirect(`${url}/callback`);
  return { url, close: () => new Promise((resolve) => { server.close(resolve); server.closeAllConnections(); }) };
}
