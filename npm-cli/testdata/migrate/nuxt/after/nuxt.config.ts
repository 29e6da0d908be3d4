export default defineNuxtConfig({
  app: {
    head: {
      script: [
        { src: '/kakao/sdk/0.2.0/kakao.js' },
        { src: `https://developers.kakao.com/sdk/js/kakao-${process.env.KAKAO_VERSION}.min.js` },
      ],
    },
  },
});
