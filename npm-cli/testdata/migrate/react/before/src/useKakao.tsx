import { useEffect, useState } from 'react';

declare global { interface Window { Kakao: any } }

export function useKakao(key: string): boolean {
  const [ready, setReady] = useState(false);
  useEffect(() => {
    if (window.Kakao?.isInitialized()) return;
    const script = document.createElement('script');
    script.src = 'https://t1.kakaocdn.net/kakao_js_sdk/2.7.2/kakao.min.js';
    script.integrity =
      'sha384-AAAA';
    script.crossOrigin = 'anonymous';
    script.onload = () => {
      (window as any).Kakao.init(key);
      setReady(true);
    };
    document.head.append(script);
  }, [key]);
  return ready;
}

export const LoginButton = () => (
  <button onClick={() => window.Kakao!.Auth.login({ success: (auth: any) => console.log(auth.scope) })}>
    카카오 로그인
  </button>
);
