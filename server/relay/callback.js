// The relay page: Kakao redirects here with the result of an authorization
// request, and this script hands it to the page that began it. It decides
// nothing about the login. The page checks the state, and the code is worth
// nothing without the PKCE verifier that only the page has.
//
// The state says where the result goes: <flow>.<random>[.<return>]
//   flow    p = popup, r = redirect
//   random  at least 18 random bytes as base64url
//   return  base64url of the page's origin (p) or of its full URL (r)
// Anyone can write a state, so that nothing in it is believed: a result goes
// to this page's own origin or to one of the origins that the server wrote
// into the script tag, and nowhere else.
(() => {
  'use strict';

  const TEXTS = {
    ko: {
      title: '카카오 로그인',
      working: '로그인을 마치는 중입니다…',
      done: '이 창을 닫으셔도 됩니다.',
      malformed: '로그인 정보를 읽을 수 없습니다. 처음 페이지로 돌아가 다시 시도해 주세요.',
      forbidden: '돌아갈 페이지가 허용되지 않았습니다. 개발자라면 그 오리진을 토큰 서버의 허용 오리진(allowed origins)에 추가해 주세요.',
    },
    en: {
      title: 'Kakao Login',
      working: 'Finishing the login…',
      done: 'You can close this window.',
      malformed: 'The result of the login cannot be read. Go back to the page and try again.',
      forbidden: 'The page to return to is not allowed. Developers: add its origin to the allowed origins of the token server.',
    },
  };
  const STATE = /^([pr])\.[A-Za-z0-9_-]{24,}(?:\.([A-Za-z0-9_-]*))?$/;

  const language = /^ko\b/i.test(navigator.language) ? 'ko' : 'en';
  document.documentElement.lang = language;
  document.title = TEXTS[language].title;
  document.getElementById('title').textContent = document.title;

  function show(text) {
    document.getElementById('text').textContent = TEXTS[language][text];
  }

  // The one value of a parameter, or null where it is missing or repeated.
  function only(query, name) {
    const values = query.getAll(name);
    return values.length === 1 ? values[0] : null;
  }

  // What the page is told, or null where the address holds no result. To an error
  // of Kakao it adds the server's hint for developers; the address cannot bring one.
  function read(query) {
    const state = only(query, 'state');
    const code = only(query, 'code');
    const error = only(query, 'error');
    if (!state || !STATE.test(state)) return null;
    if (error) {
      const message = { kakaowasm: 1, state, error };
      for (const name of ['error_description', 'error_code']) {
        const value = only(query, name);
        if (value) message[name] = value;
      }
      const hint = hints.get(message.error_code);
      if (hint) message.hint = hint;
      return message;
    }
    return code ? { kakaowasm: 1, state, code } : null;
  }

  // A plain http(s) URL, or null. What new URL makes of a hostile text is what
  // counts, so that callers use its origin and href and never the text.
  function pageURL(text) {
    try {
      const url = new URL(text);
      return /^https?:$/.test(url.protocol) && !url.username && !url.password ? url : null;
    } catch {
      return null;
    }
  }

  // The URL in the return part of a state, or null.
  function decodeReturn(part) {
    try {
      const bytes = Uint8Array.from(atob(part.replace(/-/g, '+').replace(/_/g, '/')), (c) => c.charCodeAt(0));
      return pageURL(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    } catch {
      return null;
    }
  }

  // Popup: tell the page and close. A page on this origin listens on a channel
  // named after its state, which also works where the popup was cut off its
  // opener (Cross-Origin-Opener-Policy). A page on another allowed origin, and
  // one in a frame of another site, whose channels are kept apart, gets a window
  // message that only its origin can receive. Any other page could not be told,
  // and a closing window would look to it as if the user had closed it.
  function tellOpener(message, page) {
    if (page && !allowed.includes(page.origin)) {
      show('forbidden');
      return;
    }
    if (typeof BroadcastChannel === 'function') new BroadcastChannel('kakaowasm:' + message.state).postMessage(message);
    if (page && window.opener) window.opener.postMessage(message, page.origin);
    show('done');
    window.close();
  }

  // Redirect: go back to the page. On this origin the result waits in the
  // session storage of the tab, where the page has left its address too;
  // another allowed origin finds the result in the fragment, which no server
  // sees.
  function goBack(message, page) {
    if (!page || !allowed.includes(page.origin)) {
      show('forbidden');
      return;
    }
    const result = JSON.stringify(message);
    if (page.origin === location.origin) {
      sessionStorage.setItem('kakaowasm:result:' + message.state, result);
      page = savedAddress(message.state) || page;
    } else {
      page.hash = 'kakaowasm=' + encodeURIComponent(result);
    }
    show('working');
    location.replace(page.href);
  }

  // The address of this origin that the page left, or null.
  function savedAddress(state) {
    const url = pageURL(sessionStorage.getItem('kakaowasm:return:' + state));
    return url && url.origin === location.origin ? url : null;
  }

  const { dataset } = document.currentScript;
  const allowed = dataset.origins.split(' ');
  const hints = new Map(Object.entries(JSON.parse(dataset.hints)));
  const message = read(new URLSearchParams(location.search));

  // The code must stay neither in the address bar nor in the history.
  history.replaceState(null, '', location.pathname);

  if (!message) {
    show('malformed');
    return;
  }
  const [, flow, part] = STATE.exec(message.state);
  const page = part ? decodeReturn(part) : null;
  if (flow === 'p') tellOpener(message, page);
  else goBack(message, page);
})();
