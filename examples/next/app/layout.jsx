import { Providers } from './providers.jsx';

export const dynamic = 'force-dynamic'; // the key is that of the environment in which the server runs

export default function Layout({ children }) {
  return (
    <html lang="ko">
      <body>
        <Providers appKey={process.env.KAKAO_JAVASCRIPT_KEY} host={process.env.KAKAO_HOST}>{children}</Providers>
      </body>
    </html>
  );
}
