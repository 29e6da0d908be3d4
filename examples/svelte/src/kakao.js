import { createKakao } from 'kakaowasm/svelte';

const { VITE_KAKAO_JAVASCRIPT_KEY, VITE_KAKAO_HOST } = import.meta.env;

// The hosts are for an emulator; left out, they are Kakao's.
export const kakao = createKakao({ appKey: VITE_KAKAO_JAVASCRIPT_KEY, authHost: VITE_KAKAO_HOST, apiHost: VITE_KAKAO_HOST });
