Kakao.init('YOUR_JAVASCRIPT_KEY');
const login = () => Kakao.Auth.loginForm({ success: share });
const share = () => Kakao.Link.sendDefault({ objectType: 'text', text: '안녕하세요', link: {} });
document.querySelector('button')?.addEventListener('click', login);
