import { headers } from 'next/headers';
import { sessionOf } from '../../lib/session.js';

export default async function Members() {
  const session = await sessionOf(headers());
  return <h1>회원 {session?.userId}님의 페이지입니다.</h1>;
}
