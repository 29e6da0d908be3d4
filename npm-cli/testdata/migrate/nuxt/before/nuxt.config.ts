export default defineNuxtConfig({
  app: {
    head: {
      script: [
        { src: 'https://t1.kakaocdn.net/kakao_js_sdk/2.1.0/kakao.min.js', integrity: 'sha384-AAAA', crossorigin: 'anonymous' },
        { src: `https://developers.kakao.com/sdk/js/kakao-${process.env.KAKAO_VERSION}.min.js` },
      ],
    },
  },
});
