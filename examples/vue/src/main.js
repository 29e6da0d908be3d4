import { createKakao } from 'kakaowasm/vue';
import { createApp } from 'vue';
import Account from './Account.vue';

const { VITE_KAKAO_JAVASCRIPT_KEY, VITE_KAKAO_HOST } = import.meta.env;

createApp(Account)
  // The hosts are for an emulator; left out, they are Kakao's.
  .use(createKakao({ appKey: VITE_KAKAO_JAVASCRIPT_KEY, authHost: VITE_KAKAO_HOST, apiHost: VITE_KAKAO_HOST }))
  .mount('#app');
