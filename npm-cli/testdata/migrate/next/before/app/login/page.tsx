'use client';

const REDIRECT_URI = `${process.env.NEXT_PUBLIC_ORIGIN}/api/kakao`;

export default function Login() {
  const kakao = () => window.Kakao.Auth.authorize({ redirectUri: REDIRECT_URI, scope: 'profile_nickname' });
  return (
    <>
      <button onClick={kakao}>카카오 로그인</button>
      <a href={`https://kauth.kakao.com/oauth/authorize?client_id=${process.env.NEXT_PUBLIC_REST_KEY}&redirect_uri=${REDIRECT_URI}&response_type=code`}>REST</a>
    </>
  );
}
