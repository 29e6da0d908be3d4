'use client';

import { KakaoProvider } from 'kakaowasm/react';

/** The host is for an emulator; left out, it is Kakao's. */
export function Providers({ appKey, host, children }) {
  return <KakaoProvider appKey={appKey} authHost={host} apiHost={host}>{children}</KakaoProvider>;
}
