// A token server as one would write it with Express and openid-client: the same
// three endpoints, with sessions in memory. `make bench-peers` measures it.

import { randomBytes } from 'node:crypto';
import express from 'express';
import session from 'express-session';
import * as openid from 'openid-client';

const { KAKAO, CLIENT_ID, CLIENT_SECRET, PUBLIC_URL } = process.env;

const config = await openid.discovery(new URL(KAKAO), CLIENT_ID, CLIENT_SECRET, openid.ClientSecretPost(CLIENT_SECRET), {
  execute: [openid.allowInsecureRequests, openid.enableNonRepudiationChecks], // the ID token's signature is verified, too
});

/** What the page gets of a token response: everything but the refresh token. */
const handedOut = ({ token_type, access_token, expires_in, scope, id_token }) => ({ token_type, access_token, expires_in, scope, id_token });

const app = express();
app.use(express.json());
app.use(session({ secret: randomBytes(32).toString('hex'), resave: false, saveUninitialized: false, cookie: { httpOnly: true, sameSite: 'lax' } }));

app.post('/kakao/token', async (req, res) => {
  const returned = new URL(`${PUBLIC_URL}/callback`);
  returned.searchParams.set('code', req.body.code);
  const tokens = await openid.authorizationCodeGrant(config, returned, { pkceCodeVerifier: req.body.code_verifier });
  await new Promise((done, fail) => req.session.regenerate((error) => (error ? fail(error) : done())));
  req.session.login = { refreshToken: tokens.refresh_token, user: tokens.claims()?.sub, scope: tokens.scope };
  res.json(handedOut(tokens));
});

app.post('/kakao/refresh', async (req, res) => {
  const { login } = req.session;
  if (!login) return res.status(401).json({ error: 'login_required' });
  const tokens = await openid.refreshTokenGrant(config, login.refreshToken);
  login.refreshToken = tokens.refresh_token ?? login.refreshToken;
  return res.json(handedOut(tokens));
});

app.get('/kakao/session', (req, res) => {
  const { login } = req.session;
  res.json({ authenticated: Boolean(login), user_id: login?.user, scope: login?.scope });
});

const server = app.listen(0, '127.0.0.1', () => console.log(`express on 127.0.0.1:${server.address().port}`));
