import express from 'express';
import { getSession, verifySessionToken } from 'kakaowasm/server';

/** Lets a request pass whose user is logged in, by the cookie of the token server on this host. */
const byCookie = (server) => async (request, response, next) => {
  request.user = await getSession(request, { server });
  if (!request.user) return response.status(401).json({ error: 'login_required' });
  next();
};

/** The same by the token of a page of another host. */
const byToken = (issuer, audience, server) => async (request, response, next) => {
  request.user = await verifySessionToken(request, { issuer, audience, server });
  next();
};

export function createApp({ server, issuer, audience }) {
  const app = express();
  app.get('/orders', byCookie(server), (request, response) => response.json({ orders: [], of: request.user.userId }));
  app.get('/reports', byToken(issuer, audience, server), (request, response) => response.json({ reports: [], of: request.user.userId }));
  app.use((error, request, response, next) => {
    if (!error.status) return next(error);
    response.status(error.status).json({ error: error.code });
  });
  return app;
}
