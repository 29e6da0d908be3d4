import KakaoLogin from 'react-kakao-login';

export default function Login({ done }) {
  return <KakaoLogin token="YOUR_JAVASCRIPT_KEY" onSuccess={({ profile }) => done(profile)} onFail={console.error} />;
}
