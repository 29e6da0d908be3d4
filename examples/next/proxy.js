import { NextResponse } from 'next/server';
import { sessionOf } from './lib/session.js';

export const config = { matcher: '/members/:path*' };

/** Sends those who are not logged in from the pages of members to the first page. */
export async function proxy(request) {
  if (await sessionOf(request)) return NextResponse.next();
  return NextResponse.redirect(new URL('/', request.url));
}
