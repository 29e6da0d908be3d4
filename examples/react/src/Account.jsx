import { LoginButton, useKakao, useKakaoUser } from 'kakaowasm/react';

export function Account() {
  const { status, user, error, logout } = useKakaoUser();
  return (
    <main>
      {status === 'loading' && <p>확인하고 있습니다.</p>}
      {status === 'signed-out' && (
        <>
          <LoginButton settings={{ scope: 'profile_nickname' }} />
          <LoginHere />
        </>
      )}
      {status === 'signed-in' && (
        <>
          <p>{user?.kakao_account?.profile?.nickname ?? '회원'}님, 안녕하세요.</p>
          <button onClick={logout}>로그아웃</button>
        </>
      )}
      {error && error.code !== 'popup_closed' && <p role="alert">로그인하지 못했습니다. ({error.code})</p>}
    </main>
  );
}

/** Logs in without a popup: this window leaves, and comes back logged in. */
function LoginHere() {
  const { Kakao, ready } = useKakao();
  const redirectUri = () => `${location.origin}/kakao/callback`;
  return <button disabled={!ready} onClick={() => Kakao.Auth.authorize({ redirectUri: redirectUri() })}>이 창에서 로그인</button>;
}
