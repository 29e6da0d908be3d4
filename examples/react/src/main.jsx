import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { KakaoProvider } from 'kakaowasm/react';
import { Account } from './Account.jsx';

const { VITE_KAKAO_JAVASCRIPT_KEY, VITE_KAKAO_HOST } = import.meta.env;

createRoot(document.getElementById('root')).render(
  <StrictMode>
    {/* The hosts are for an emulator; left out, they are Kakao's. */}
    <KakaoProvider appKey={VITE_KAKAO_JAVASCRIPT_KEY} authHost={VITE_KAKAO_HOST} apiHost={VITE_KAKAO_HOST}>
      <Account />
    </KakaoProvider>
  </StrictMode>,
);
