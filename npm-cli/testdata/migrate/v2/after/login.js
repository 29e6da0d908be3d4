const { Kakao } = window;
const { Auth } = Kakao;
const REST_KEY = 'YOUR_REST_API_KEY';

document.querySelector('#login').addEventListener('click', () => {
  Auth.authorize({ redirectUri: `${location.origin}/oauth`, state: 'mypage', prompt: 'login' });
});

export async function finish(code) {
  const answer = await fetch('https://kauth.kakao.com/oauth/token', {
    method: 'POST',
    body: new URLSearchParams({ grant_type: 'authorization_code', client_id: REST_KEY, code }),
  });
  const { access_token, refresh_token } = await answer.json();
  localStorage.setItem('kakao', refresh_token);
  Auth.setAccessToken(access_token);
  const channels = await Kakao.API.request({ url: '/v1/user/ids' });
  return { channels, me: await Kakao.API.request({ url: '/v2/user/me' }) };
}

Kakao.init('YOUR_JAVASCRIPT_KEY');
