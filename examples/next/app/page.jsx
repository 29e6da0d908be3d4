import { cookies } from 'next/headers';
import Link from 'next/link';
import { sessionOf } from '../lib/session.js';
import { Account } from './account.jsx';

export default async function Page() {
  const session = await sessionOf(cookies());
  return (
    <main>
      <h1>{session ? `회원번호 ${session.userId}` : '로그인해 주세요.'}</h1>
      <Account />
      <Link href="/members" prefetch={false}>회원 전용</Link>
    </main>
  );
}
