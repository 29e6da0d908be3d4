import { sessionOf } from '../../../lib/session.js';

export async function GET(request) {
  const session = await sessionOf(request);
  return session ? Response.json(session) : Response.json({ error: 'login_required' }, { status: 401 });
}
