import Script from 'next/script';

export default function Layout({ children }: { children: React.ReactNode }) {
  return (
    <html lang="ko">
      <body>
        {children}
        <Script src="https://t1.kakaocdn.net/kakao_js_sdk/2.7.5/kakao.min.js"
          integrity="sha384-AAAA" crossOrigin="anonymous" strategy="afterInteractive"
          onLoad={() => window.Kakao.init(process.env.NEXT_PUBLIC_KAKAO_KEY!)} />
      </body>
    </html>
  );
}
