// Whom the proxy in front has named.
import { headers } from 'next/headers';

export async function GET() {
  return Response.json({ id: (await headers()).get('x-auth-request-user') });
}
