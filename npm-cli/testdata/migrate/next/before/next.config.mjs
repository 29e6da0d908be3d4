const policy = "script-src 'self' https://t1.kakaocdn.net/kakao_js_sdk/; connect-src 'self'";
export default { headers: async () => [{ source: '/(.*)', headers: [{ key: 'Content-Security-Policy', value: policy }] }] };
