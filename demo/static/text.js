// Every text of the page, in English and Korean. HTML names a text with
// data-t="key"; scripts ask for it with t(key, values).

const texts = {
  en: {
    'demo': 'demo',
    'skip': 'Skip to the content',
    'mode.emulator.name': 'Emulator',
    'mode.emulator.what': 'Made-up people on your own computer. Nothing reaches Kakao.',
    'mode.console': 'Console',
    'mode.kakao.name': 'Real Kakao',
    'mode.kakao.what': 'Real accounts and real data. Unlinking is for real, too.',

    'hello': 'Log in and look around',
    'hello.emulator': 'Pick one of the emulator’s people in the window that opens. No account and no password of yours is needed.',
    'hello.kakao': 'Log in with your own Kakao Account in the window that opens.',
    'login': 'Login with Kakao',
    'login.done': 'You are logged in.',
    'login.cancelled': 'You gave up the login.',
    'login.failed': 'Login did not finish: {reason}',
    'logout': 'Log out',
    'logout.account': 'Log out of Kakao, too',
    'logout.done': 'You are logged out.',

    'waiting': 'Login under way',
    'stage.opened': 'The login window is open',
    'stage.asked': 'Kakao asks in the login window',
    'stage.returned': 'The answer is back',
    'stage.exchanged': 'The token server has exchanged the code',

    'options': 'Login options',
    'options.flow': 'Way to log in',
    'options.popup': 'Popup window',
    'options.redirect': 'Leave the page and come back',
    'options.scope': 'Consent items to ask for',
    'options.scope.hint': 'With none ticked, Kakao asks for the items set up for the app.',
    'options.token': 'Access token',
    'options.persist': 'Keep it when the page is reloaded',

    'profile.loading': 'Loading your profile…',
    'profile.nameless': 'Nickname not shared',
    'profile.no-email': 'E-mail not shared',
    'profile.id': 'User ID',

    'token': 'Access token',
    'token.none': 'There is no token.',
    'token.session': 'This page has no token, but the token server remembers your login.',
    'token.set': 'There is a token.',
    'token.expired': 'The token has expired.',
    'token.hint': 'The SDK renews it before it expires. The refresh token stays on the token server.',
    'token.renewed': 'The token has been renewed.',
    'renew': 'Renew',
    'renew.silent': 'No new token arrived. Log in again if this goes on.',

    'scopes': 'Consent items',
    'scopes.hint': 'What you agreed to share with this app.',
    'scopes.agreed': 'Agreed',
    'scopes.missing': 'Not agreed',
    'scopes.revoke': 'Revoke',
    'scopes.revoke.label': 'Revoke: {name}',
    'scopes.ask': 'Ask for it',
    'scopes.ask.label': 'Ask for it: {name}',
    'scopes.changed': 'Your consents have changed.',
    'scopes.none': 'This app has no consent items.',
    'terms': 'Service terms',
    'terms.agreed': 'Agreed on {date}',
    'terms.missing': 'Not agreed',
    'terms.none': 'This app has no service terms.',

    'scope.openid': 'OpenID Connect (ID token)',
    'scope.profile_nickname': 'Nickname',
    'scope.profile_image': 'Profile image',
    'scope.account_email': 'E-mail',
    'scope.gender': 'Gender',
    'scope.age_range': 'Age range',
    'scope.birthday': 'Birthday',
    'scope.birthyear': 'Birth year',
    'scope.phone_number': 'Phone number',
    'scope.name': 'Name',
    'scope.shipping_address': 'Shipping address',
    'scope.talk_message': 'Send KakaoTalk messages',
    'scope.friends': 'KakaoTalk friends',
    'scope.plusfriends': 'KakaoTalk channels',

    'unlink': 'Unlink',
    'unlink.title': 'Unlink this app?',
    'unlink.text': 'Your consents are withdrawn and you are logged out. The next login asks for them again.',
    'unlink.done': 'The app is unlinked.',
    'cancel': 'Cancel',

    'explorer': 'API explorer',
    'explorer.url': 'API',
    'explorer.group.login': 'Kakao Login',
    'explorer.group.talk': 'KakaoTalk',
    'explorer.group.share': 'KakaoTalk Share',
    'explorer.group.story': 'KakaoStory',
    'explorer.data': 'data (JSON)',
    'explorer.files': 'files',
    'explorer.run': 'Run',
    'explorer.running': 'Waiting for the answer…',
    'explorer.ok': 'success · {ms} ms',
    'explorer.fail': 'fail · {ms} ms',
    'explorer.result': 'Result',
    'explorer.bad-json': 'This is not a JSON object: {reason}',
    'explorer.not-object': 'it must look like {"key": "value"}',

    'log': 'Live log',
    'log.hint': 'Calls, callbacks and requests in the order in which they happened, also those of the login window and the token server. Tokens and codes are blotted out.',
    'who.page': 'page',
    'who.window': 'window',
    'who.server': 'token server',
    'who.kakao': 'Kakao',
    'log.clear': 'Clear',

    'error.access_denied': 'You cancelled the login.',
    'error.popup_closed': 'The login window was closed.',
    'error.popup_blocked': 'The popup was blocked. Please allow popups.',
    'call.failed': '{call} failed: {reason}',
    'sdk.missing': 'The SDK did not load from {src}. Build it with “make dist” and reload.',
    'sdk.refused': 'The SDK did not start: {reason}',
  },

  ko: {
    'demo': '데모',
    'skip': '본문으로 건너뛰기',
    'mode.emulator.name': '에뮬레이터',
    'mode.emulator.what': '내 컴퓨터에서 가상의 사용자로 동작하며, 카카오에는 아무것도 보내지 않아요.',
    'mode.console': '콘솔',
    'mode.kakao.name': '실제 카카오',
    'mode.kakao.what': '실제 계정과 데이터를 사용해요. 연결을 해제하면 실제로 해제돼요.',

    'hello': '로그인하고 둘러보세요',
    'hello.emulator': '새로 열리는 창에서 가상의 사용자를 한 명 고르면 돼요. 내 계정이나 비밀번호는 필요 없어요.',
    'hello.kakao': '새로 열리는 창에서 내 카카오계정으로 로그인하세요.',
    'login': '카카오 로그인',
    'login.done': '로그인했어요.',
    'login.cancelled': '로그인을 그만뒀어요.',
    'login.failed': '로그인하지 못했어요: {reason}',
    'logout': '로그아웃',
    'logout.account': '카카오계정과 함께 로그아웃',
    'logout.done': '로그아웃했어요.',

    'waiting': '로그인하는 중',
    'stage.opened': '로그인 창이 열렸어요',
    'stage.asked': '로그인 창에서 선택을 기다리고 있어요',
    'stage.returned': '카카오가 응답했어요',
    'stage.exchanged': '토큰 서버가 코드를 토큰으로 바꿨어요',

    'options': '로그인 옵션',
    'options.flow': '로그인 방식',
    'options.popup': '팝업 창',
    'options.redirect': '페이지 이동 후 복귀',
    'options.scope': '요청할 동의항목',
    'options.scope.hint': '선택하지 않으면 앱에 설정된 동의항목을 요청해요.',
    'options.token': '액세스 토큰',
    'options.persist': '새로고침해도 유지',

    'profile.loading': '프로필을 불러오는 중…',
    'profile.nameless': '닉네임 비공개',
    'profile.no-email': '이메일 비공개',
    'profile.id': '회원번호',

    'token': '액세스 토큰',
    'token.none': '토큰이 없어요.',
    'token.session': '이 페이지에는 토큰이 없지만, 토큰 서버에는 로그인이 남아 있어요.',
    'token.set': '토큰이 있어요.',
    'token.expired': '토큰이 만료됐어요.',
    'token.hint': '만료되기 전에 SDK가 알아서 갱신해요. 리프레시 토큰은 토큰 서버에만 있어요.',
    'token.renewed': '토큰을 갱신했어요.',
    'renew': '갱신',
    'renew.silent': '새 토큰을 받지 못했어요. 계속되면 다시 로그인해 주세요.',

    'scopes': '동의항목',
    'scopes.hint': '이 앱에 제공하기로 동의한 정보예요.',
    'scopes.agreed': '동의함',
    'scopes.missing': '동의 안 함',
    'scopes.revoke': '철회',
    'scopes.revoke.label': '{name} 철회',
    'scopes.ask': '동의 요청',
    'scopes.ask.label': '{name} 동의 요청',
    'scopes.changed': '동의항목이 바뀌었어요.',
    'scopes.none': '이 앱에는 동의항목이 없어요.',
    'terms': '서비스 약관',
    'terms.agreed': '{date} 동의',
    'terms.missing': '동의 안 함',
    'terms.none': '이 앱에는 서비스 약관이 없어요.',

    'scope.openid': 'OpenID Connect (ID 토큰)',
    'scope.profile_nickname': '닉네임',
    'scope.profile_image': '프로필 사진',
    'scope.account_email': '이메일',
    'scope.gender': '성별',
    'scope.age_range': '연령대',
    'scope.birthday': '생일',
    'scope.birthyear': '출생 연도',
    'scope.phone_number': '전화번호',
    'scope.name': '이름',
    'scope.shipping_address': '배송지',
    'scope.talk_message': '카카오톡 메시지 전송',
    'scope.friends': '카카오톡 친구 목록',
    'scope.plusfriends': '카카오톡 채널 관계',

    'unlink': '연결 해제',
    'unlink.title': '이 앱과의 연결을 해제할까요?',
    'unlink.text': '모든 동의가 철회되고 로그아웃돼요. 다음에 로그인할 때 다시 동의를 받아요.',
    'unlink.done': '앱과의 연결을 해제했어요.',
    'cancel': '취소',

    'explorer': 'API 탐색기',
    'explorer.url': 'API',
    'explorer.group.login': '카카오 로그인',
    'explorer.group.talk': '카카오톡',
    'explorer.group.share': '카카오톡 공유',
    'explorer.group.story': '카카오스토리',
    'explorer.data': 'data (JSON)',
    'explorer.files': 'files (파일)',
    'explorer.run': '실행',
    'explorer.running': '응답을 기다리는 중…',
    'explorer.ok': '성공 · {ms}ms',
    'explorer.fail': '실패 · {ms}ms',
    'explorer.result': '결과',
    'explorer.bad-json': 'JSON 객체가 아니에요: {reason}',
    'explorer.not-object': '{"key": "value"} 형식으로 입력하세요',

    'log': '실시간 로그',
    'log.hint': '호출, 콜백, 요청을 일어난 순서대로 보여줘요. 로그인 창과 토큰 서버의 요청도 함께 나와요. 토큰과 코드는 가려서 표시해요.',
    'who.page': '페이지',
    'who.window': '창',
    'who.server': '토큰 서버',
    'who.kakao': '카카오',
    'log.clear': '지우기',

    'error.access_denied': '로그인을 취소했어요.',
    'error.popup_closed': '로그인 창이 닫혔어요.',
    'error.popup_blocked': '팝업이 차단됐어요. 팝업을 허용해 주세요.',
    'call.failed': '{call} 실패: {reason}',
    'sdk.missing': '{src}에서 SDK를 불러오지 못했어요. “make dist”로 빌드한 뒤 새로고침하세요.',
    'sdk.refused': 'SDK를 시작하지 못했어요: {reason}',
  },
};

/** The label of the switch is the language that it switches to. */
const other = { en: { code: 'ko', label: '한국어' }, ko: { code: 'en', label: 'English' } };

const remembered = 'kakaowasm-demo.lang';

let language = localStorage.getItem(remembered) ?? (navigator.language.startsWith('ko') ? 'ko' : 'en');
if (!texts[language]) language = 'en';

/**
 * The text named key, in the page's language.
 * @param {string} key
 * @param {Record<string, unknown>} [values] what stands for {name} in the text
 */
export function t(key, values = {}) {
  const text = texts[language][key] ?? key;
  return Object.keys(values).reduce((s, name) => s.replaceAll(`{${name}}`, () => String(values[name])), text);
}

/** The language of the page: en or ko. */
export const pageLanguage = () => language;

/** Reports whether there is a text named key. */
export const hasText = (key) => key in texts.en;

/** A date as people of the page's language write it. */
export const formatDate = (iso) => new Date(iso).toLocaleDateString(language);

/** Writes the text named key into element, again whenever the language changes. */
export function setText(element, key, values) {
  element.dataset.t = key;
  element.dataset.values = JSON.stringify(values ?? {});
  element.textContent = t(key, values);
}

/** Fills in every element that names a text. */
export function showTexts() {
  document.documentElement.lang = language;
  for (const element of document.querySelectorAll('[data-t]')) {
    element.textContent = t(element.dataset.t, JSON.parse(element.dataset.values ?? '{}'));
  }
}

/**
 * Makes button the language switch.
 * @param {() => void} onChange redraws what showTexts does not reach
 */
export function languageSwitch(button, onChange) {
  const label = () => {
    button.textContent = other[language].label;
    button.lang = other[language].code;
  };
  label();
  button.addEventListener('click', () => {
    language = other[language].code;
    localStorage.setItem(remembered, language);
    label();
    showTexts();
    onChange();
  });
}
