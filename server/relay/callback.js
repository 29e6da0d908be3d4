// The relay page: Kakao redirects here with the result of an authorization
// request, and this script hands it to the page that began it. It decides
// nothing about the login. The page checks the state, and the code is worth
// nothing without the PKCE verifier that only the page has.
//
// The state says where the result goes: <flow>.<random>[.<return>]
//   flow    p = popup, r = redirect
//   random  at least 18 random bytes as base64url
//   return  base64url of the page's origin (p) or of its full URL (r)
// Anyone can write a state, and lead a browser here by a link, so that nothing in
// it is believed. The result is told to this page's own origin or to one of the
// origins that the server wrote into the script tag, and to no other. The window
// goes on only where this browser has asked to go: to the address of the record
// of that login, or to one that the server's configuration names.
(() => {
  'use strict';

  const TEXTS = {
    ko: {
      title: '카카오 로그인',
      finishing: '로그인을 마치는 중입니다…',
      done: '이 창을 닫으셔도 됩니다.',
      malformed: '로그인 정보를 읽을 수 없습니다. 처음 페이지로 돌아가 다시 시도해 주세요.',
      unheard: '로그인을 시작한 페이지를 찾지 못했습니다. 페이지로 돌아가 다시 시도해 주세요.',
      unknown: '이 브라우저에서 시작한 로그인이 아닙니다. 페이지로 돌아가 다시 시도해 주세요.',
      forbidden: '돌아갈 페이지가 허용되지 않았습니다. 개발자라면 토큰 서버의 허용 오리진(--allowed-origin)에 다음 오리진을 추가해 주세요.',
      back: '페이지로 돌아가기',
    },
    en: {
      title: 'Kakao Login',
      finishing: 'Finishing the login…',
      done: 'You can close this window.',
      malformed: 'The result of the login cannot be read. Go back to the page and try again.',
      unheard: 'The page that began the login does not answer. Go back to it and try again.',
      unknown: 'This browser has not begun this login. Go back to the page and try again.',
      forbidden: 'The page to return to is not allowed. Developers: add this to the allowed origins (--allowed-origin) of the token server:',
      back: 'Back to the page',
    },
  };
  // How often a page is told that has not said that it heard, and for how long, in
  // milliseconds. A page may just be loading.
  const AGAIN = 250;
  const GIVE_UP = 3000;
  // How often it is looked whether the page is there, and just busy.
  const LOOKS = 20;
  const STATE = /^([pr])\.([A-Za-z0-9_-]{24,})(?:\.([A-Za-z0-9_-]*))?$/;

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

  // A way back for the user, who goes there by hand: to the start of an origin.
  function showWayBack(text, origin) {
    show(text);
    const link = document.getElementById('back');
    link.textContent = TEXTS[language].back;
    link.href = (origin ?? location.origin) + '/';
    link.hidden = false;
  }

  function showForbidden(origin) {
    show('forbidden');
    document.getElementById('origin').textContent = origin;
  }

  // Popup: tell the page, wait for its word that it heard, and close. A page on
  // this origin listens on a channel named after its state, which also works where
  // the popup was cut off its opener (Cross-Origin-Opener-Policy). A page on
  // another allowed origin, and one in a frame of another site, whose channels are
  // kept apart, gets a window message that only its origin can receive. If nobody
  // hears, there may be no other window any more: a WebView has only one, and
  // phones throw pages away. Then the login ends in this one.
  function tellOpener(message, page) {
    if (page && !allowed.includes(page.origin)) {
      showForbidden(page.origin);
      return;
    }
    show('finishing');
    const channel = typeof BroadcastChannel === 'function' ? new BroadcastChannel('kakaowasm:' + message.state) : null;
    const tell = () => {
      channel?.postMessage(message);
      if (page && window.opener) window.opener.postMessage(message, page.origin);
    };
    const stop = () => {
      clearInterval(again);
      clearTimeout(end);
      channel?.close();
    };
    const hear = (word) => {
      if (word?.kakaowasm !== 1 || word.heard !== 1 || word.state !== message.state) return;
      stop();
      show('done');
      window.close();
    };
    channel?.addEventListener('message', ({ data }) => hear(data));
    window.addEventListener('message', ({ data, origin, source }) => {
      if (page && origin === page.origin && source === window.opener) hear(data);
    });
    const again = setInterval(tell, AGAIN);
    const giveUp = () => {
      stop();
      if (!leave(message, page)) showWayBack('unheard', page?.origin);
    };
    // A page on this origin that waits for this login holds its lock: it is busy.
    const look = () => {
      if (!navigator.locks || --looks === 0) giveUp();
      else navigator.locks.query().then(({ held }) => {
        if (held.some(({ name }) => name === 'kakaowasm:login:' + message.state)) end = setTimeout(look, GIVE_UP);
        else giveUp();
      }, giveUp);
    };
    let looks = LOOKS;
    let end = setTimeout(look, GIVE_UP);
    tell();
  }

  // Redirect: go back to the page.
  function goBack(message, page) {
    if (leave(message, page)) return;
    if (page && !allowed.includes(page.origin)) showForbidden(page.origin);
    else showWayBack('unknown', page?.origin);
  }

  // Goes on in this window, to the page that began the login, and reports whether
  // it may. On this origin the result waits in the session storage of the tab;
  // another allowed origin finds it in the fragment, which no server sees.
  function leave(message, page) {
    const result = JSON.stringify(message);
    let address = recordedHere(message.state);
    if (address) {
      sessionStorage.setItem('kakaowasm:result:' + message.state, result);
    } else {
      address = recordedElsewhere(message.state, page) ?? (page && configured(page.origin));
      if (!address || address.origin === location.origin || !allowed.includes(address.origin)) return false;
      address.hash = 'kakaowasm=' + encodeURIComponent(result);
    }
    show('finishing');
    location.replace(address.href);
    return true;
  }

  // The address that the configuration names for an origin, or null.
  function configured(origin) {
    return returns.split(' ').map(pageURL).find((address) => address?.origin === origin) ?? null;
  }

  // The address of this origin that the page has left in this tab, or null. It is
  // none of the token server's.
  function recordedHere(state) {
    const url = pageURL(sessionStorage.getItem('kakaowasm:return:' + state));
    return url && url.origin === location.origin && !isRoute(url.pathname) ? url : null;
  }

  // The address that a page of another origin has left with the server (POST
  // begin), or null. It serves once.
  function recordedElsewhere(state, page) {
    const [, , random] = STATE.exec(state);
    const name = begun + '_' + random.slice(0, 8);
    const entry = document.cookie.split('; ').find((cookie) => cookie.startsWith(name + '='));
    if (!entry) return null;
    document.cookie = name + '=; Max-Age=0; Path=/' + (location.protocol === 'https:' ? '; Secure' : '');
    const [of, part] = entry.slice(name.length + 1).split('.');
    const address = of === random ? decodeReturn(part) : null;
    return address && page && address.origin === page.origin ? address : null;
  }

  // Whether a path is one of the token server's own, in any writing that it takes
  // for one.
  function isRoute(path) {
    try {
      const decoded = decodeURIComponent(path);
      return routes.split(' ').some((route) => decoded === route || route.endsWith('/') && decoded.startsWith(route));
    } catch {
      return true;
    }
  }

  const { dataset } = document.currentScript;
  const allowed = dataset.origins.split(' ');
  // The page may come from an instance of the server that is one version older.
  const { begun, routes = '', returns = '' } = dataset;
  const hints = new Map(Object.entries(JSON.parse(dataset.hints)));
  const message = read(new URLSearchParams(location.search));

  // The code must stay neither in the address bar nor in the history.
  history.replaceState(null, '', location.pathname);

  if (!message) {
    show('malformed');
    return;
  }
  const [, flow, , part] = STATE.exec(message.state);
  const page = part ? decodeReturn(part) : null;
  if (flow === 'p') tellOpener(message, page);
  else goBack(message, page);
})();
