import Script from 'next/script';

export default function Layout({ children }: { children: React.ReactNode }) {
  return (
    <html lang="ko">
      <body>
        {children}
        <Script src="/kakao/sdk/0.2.0/kakao.js" strategy="afterInteractive"
          onLoad={() => window.Kakao.init(process.env.NEXT_PUBLIC_KAKAO_KEY!)} />
      </body>
    </html>
  );
}
