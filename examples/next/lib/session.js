import { getSession } from 'kakaowasm/server';

const server = `${process.env.TOKEN_SERVER ?? 'http://127.0.0.1:8480'}/kakao`;

/** Who is asking: null if nobody is logged in. */
export const sessionOf = (source) => getSession(source, { server });
