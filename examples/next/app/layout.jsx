import { KakaoProvider } from 'kakaowasm/react';

export const dynamic = 'force-dynamic'; // the key is that of the environment in which the server runs

export default function Layout({ children }) {
  const { KAKAO_JAVASCRIPT_KEY, KAKAO_HOST } = process.env; // the host is for an emulator; left out, it is Kakao's
  return (
    <html lang="ko">
      <body>
        <KakaoProvider appKey={KAKAO_JAVASCRIPT_KEY} authHost={KAKAO_HOST} apiHost={KAKAO_HOST}>{children}</KakaoProvider>
      </body>
    </html>
  );
}
