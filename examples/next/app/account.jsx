'use client';

import { LoginButton, useKakaoUser } from 'kakaowasm/react';
import { useRouter } from 'next/navigation';
import { useEffect } from 'react';

export function Account() {
  const { status, error, logout } = useKakaoUser();
  const router = useRouter();
  useEffect(() => { router.refresh(); }, [status, router]); // what the server has rendered may be about somebody else
  return (
    <p>
      {status === 'signed-in' ? <button onClick={logout}>로그아웃</button> : <LoginButton />}
      {error && error.code !== 'popup_closed' && <span role="alert">로그인하지 못했습니다. ({error.code})</span>}
    </p>
  );
}
