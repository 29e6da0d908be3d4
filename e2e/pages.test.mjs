// Pages as sites have them for the legacy SDK, whole, with nothing changed but the script tag, and a
// user who reads and clicks them. What the single calls answer is tested in the other files.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { accept, logInAtPlatform, useSite, USER } from './site.mjs';

const NICKNAME = '하늘보리';
const REST_API_KEY = '1'.repeat(32); // the emulator's, which is for a site's own back end

/** A login link with an image, alerts, and what belongs to the user shown or hidden by hand. */
const LINK = `<!DOCTYPE html>
<html lang="ko">
<head>
<meta charset="utf-8">
<title>책방</title>
{{sdk}}
</head>
<body>
<a id="custom-login-btn" href="javascript:loginWithKakao()"><img src="/kakao_login.png" width="222" height="49" alt="카카오 로그인"></a>
<p id="member" style="display:none">
  <b id="nickname"></b>님 <span id="email"></span>
  <a id="logout" href="#" onclick="logoutWithKakao(); return false;">로그아웃</a>
</p>
<script type="text/javascript">
//<![CDATA[
Kakao.init('{{key}}');
function loginWithKakao() {
  Kakao.Auth.login({
    scope: 'profile_nickname, account_email',
    success: function (authObj) {
      Kakao.API.request({
        url: '/v2/user/me',
        success: function (res) {
          document.getElementById('nickname').innerText = res.properties.nickname;
          document.getElementById('email').innerText = res.kakao_account.email;
          show('member', 'custom-login-btn');
        },
        fail: function (error) {
          alert('회원 정보를 가져오지 못했습니다: ' + JSON.stringify(error));
        }
      });
    },
    fail: function (err) {
      alert('로그인하지 못했습니다: ' + JSON.stringify(err));
    }
  });
}
function logoutWithKakao() {
  if (!Kakao.Auth.getAccessToken()) {
    alert('로그인하지 않았습니다.');
    return;
  }
  Kakao.Auth.logout(function () {
    alert('로그아웃했습니다. 토큰: ' + Kakao.Auth.getAccessToken());
    show('custom-login-btn', 'member');
  });
}
function show(shown, hidden) {
  document.getElementById(shown).style.display = 'inline';
  document.getElementById(hidden).style.display = 'none';
}
//]]>
</script>
</body>
</html>`;

/** The SDK's button, and a hidden form that takes the user to the site's server. */
const BUTTON = `<!DOCTYPE html PUBLIC "-//W3C//DTD HTML 4.01 Transitional//EN" "http://www.w3.org/TR/html4/loose.dtd">
<html>
<head>
<meta http-equiv="Content-Type" content="text/html; charset=utf-8">
{{sdk}}
</head>
<body>
<table><tr><td><a id="kakao-login-btn"></a></td></tr></table>
<form id="kakaoForm" name="kakaoForm" action="welcome.do" method="post">
  <input type="hidden" name="id"><input type="hidden" name="nickname">
</form>
<script type="text/javascript">
  Kakao.init('{{key}}');
  Kakao.Auth.createLoginButton({
    container: '#kakao-login-btn',
    size: 'large',
    persistAccessToken: false,
    success: function (authObj) {
      Kakao.API.request({
        url: '/v2/user/me',
        success: function (res) {
          var f = document.kakaoForm;
          f.id.value = res.id;
          f.nickname.value = res.kakao_account.profile.nickname;
          f.submit();
        }
      });
    },
    fail: function (err) {
      document.write(JSON.stringify(err));
    }
  });
</script>
</body>
</html>`;

/** A redirect login whose code goes to the site's own back end, which leaves the token in a cookie. */
const REDIRECT = `<!DOCTYPE html>
<html>
<head><meta charset="utf-8">{{sdk}}</head>
<body>
<button onclick="loginWithKakao()">카카오로 시작하기</button>
<p id="result">로그인해 주세요.</p>
<button id="logout" onclick="kakaoLogout()">로그아웃</button>
<script>
  Kakao.init('{{key}}');
  function loginWithKakao() {
    Kakao.Auth.authorize({ redirectUri: location.origin + '/own-callback', state: location.pathname });
  }
  function cookie(name) {
    var found = document.cookie.match('(?:^|; )' + name + '=([^;]*)');
    return found && found[1];
  }
  function kakaoLogout() {
    Kakao.Auth.logout(function () {
      document.cookie = 'kakao_token=; path=/; max-age=0';
      location.reload();
    });
  }
  var token = cookie('kakao_token');
  if (token) {
    Kakao.Auth.setAccessToken(token);
    Kakao.Auth.getStatusInfo(function (statusObj) {
      if (statusObj.status === 'connected') {
        document.getElementById('result').innerText = statusObj.user.properties.nickname + '님, 반갑습니다.';
      } else {
        Kakao.Auth.setAccessToken(null);
      }
    });
  }
</script>
</body>
</html>`;

/** Where that login returns to. */
const CALLBACK = `<!DOCTYPE html>
<html>
<body>
<script>
  var params = {};
  location.search.substr(1).split('&').forEach(function (pair) {
    params[pair.split('=')[0]] = decodeURIComponent(pair.split('=')[1]);
  });
  if (params.error) {
    alert(params.error_description);
    location.replace(params.state);
  } else {
    location.replace('/session.do?code=' + params.code + '&next=' + encodeURIComponent(params.state));
  }
</script>
</body>
</html>`;

/** The SDK loaded late by a snippet, kakaoAsyncInit, and the status asked for at every load. */
const LATE = `<!DOCTYPE html>
<html>
<head><meta charset="utf-8"><title>마이페이지</title></head>
<body>
<h1 id="title">확인하는 중</h1>
<div id="login-box"></div>
<button id="leave" style="display:none">연결 끊기</button>
<script>
  window.kakaoAsyncInit = function () {
    Kakao.init('{{key}}');
    Kakao.Auth.createLoginButton({ container: document.getElementById('login-box'), lang: 'en', size: 'small', success: check });
    check();
  };
  function check() {
    Kakao.Auth.getStatusInfo(function (statusObj) {
      var connected = statusObj.status == 'connected';
      document.getElementById('title').innerHTML = connected ? statusObj.user.properties.nickname : '손님';
      document.getElementById('login-box').style.display = connected ? 'none' : 'block';
      document.getElementById('leave').style.display = connected ? 'block' : 'none';
    });
  }
  document.getElementById('leave').onclick = function () {
    if (!confirm('정말 탈퇴하시겠습니까?')) return;
    Kakao.API.request({
      url: '/v1/user/unlink',
      success: function (res) { alert(res.id + ' 탈퇴했습니다.'); },
      fail: function (error) { alert('실패: ' + error.code + ' ' + error.msg); },
      always: function () { location.reload(); }
    });
  };
  (function (d, s, id) {
    var js, fjs = d.getElementsByTagName(s)[0];
    if (d.getElementById(id)) return;
    js = d.createElement(s);
    js.id = id;
    js.src = '{{src}}';
    js.setAttribute('data-auth-host', '{{platform}}');
    js.setAttribute('data-api-host', '{{platform}}');
    fjs.parentNode.insertBefore(js, fjs);
  })(document, 'script', 'kakao-jssdk');
</script>
</body>
</html>`;

/** A header and a page, each with its init, and a logout that leaves at once. */
const TWICE = `<!DOCTYPE html>
<html>
<head>
<meta charset="utf-8">
<script>window.onerror = function (message) { document.title = message; };</script>
{{sdk}}
</head>
<body>
<div id="header">
  <span id="who"></span> <a id="logout" href="javascript:void(0)" onclick="logout()">로그아웃</a>
  <script>
    Kakao.init('{{key}}');
    Kakao.Auth.getStatusInfo(function (statusObj) {
      document.getElementById('who').innerText = statusObj.status === 'connected' ? statusObj.user.id : '손님';
    });
    function logout() {
      if (Kakao.Auth.getAccessToken()) {
        Kakao.Auth.logout();
        location.href = '/twice?bye';
      }
    }
  </script>
</div>
<a id="login" href="javascript:loginFormWithKakao()">다른 계정으로 로그인</a>
<script>
  Kakao.init('{{key}}');
  console.log(Kakao.isInitialized());
  function loginFormWithKakao() {
    Kakao.Auth.loginForm({
      throughTalk: false,
      success: function (authObj) { location.href = '/twice?hi'; },
      fail: function (err) { document.getElementById('who').innerText = err.error; }
    });
  }
</script>
</body>
</html>`;

/** Opens the first of these pages of the site; an answer is the page, or a function of the request. */
async function visit(context, site, pages) {
  await context.grantPermissions(['local-network-access']); // Chromium asks, as no server gave the pages
  const harnessPage = await (await fetch(site.page)).text();
  const [sdk, src] = /<script src="(.*?)".*<\/script>/.exec(harnessPage);
  const fill = { sdk, src, key: site.appKey, platform: site.platform };
  for (const [path, answer] of Object.entries(pages)) {
    await context.route((url) => url.origin === site.page && url.pathname === path, async (route) => {
      const given = typeof answer === 'function' ? await answer(route.request()) : { body: answer };
      const body = given.body.replace(/\{\{(\w+)\}\}/g, (_, name) => fill[name]);
      await route.fulfill({ contentType: 'text/html; charset=utf-8', ...given, body });
    });
  }
  const page = await context.newPage();
  page.problems = [];
  page.on('pageerror', (error) => page.problems.push(error.message));
  await page.goto(site.page + Object.keys(pages)[0]);
  return page;
}

/** Serves a page that a redirect leads to, which no route sees. */
async function serveReturn(page, address, body) {
  const session = await page.context().newCDPSession(page);
  await session.send('Fetch.enable', { patterns: [{ urlPattern: `${address}*` }] });
  session.on('Fetch.requestPaused', ({ requestId }) => session.send('Fetch.fulfillRequest', {
    requestId,
    responseCode: 200,
    responseHeaders: [{ name: 'content-type', value: 'text/html; charset=utf-8' }],
    body: Buffer.from(body).toString('base64'),
  }));
}

/** Clicks what opens a login window. */
async function openWindow(page, selector) {
  const popup = page.waitForEvent('popup');
  await page.click(selector);
  return popup;
}

/** What the next n dialogs say; the user confirms each. */
async function confirmed(page, n = 1) {
  const said = [];
  let next = page.waitForEvent('dialog');
  while (said.length < n) {
    const dialog = await next;
    said.push(dialog.message());
    if (said.length < n) next = page.waitForEvent('dialog');
    await dialog.accept();
  }
  return said;
}

/** Waits until the user reads this there. */
const reads = (page, selector, text) => page.locator(selector, { hasText: text }).and(page.locator(':visible')).waitFor();

describe('pages written for the legacy SDK', () => {
  let site;
  let context;
  useSite((used) => { ({ site, context } = used); });

  test('a login link: name and e-mail after the login, an alert and the link again after the logout', async () => {
    const page = await visit(context, site, { '/link': LINK });
    const popup = await openWindow(page, '#custom-login-btn');
    await logInAtPlatform(popup);
    await popup.check('#agree-all');
    await accept(popup);
    await reads(page, '#nickname', NICKNAME);
    await reads(page, '#email', 'haneul@example.com');
    assert.equal(await page.isVisible('#custom-login-btn'), false);

    const said = confirmed(page);
    await page.click('#logout');
    assert.deepEqual(await said, ['로그아웃했습니다. 토큰: null']);
    await page.waitForSelector('#custom-login-btn');
    assert.equal(await page.isVisible('#member'), false);
    assert.deepEqual(page.problems, []);
  });

  test('a login link whose user cancels: the alert names access_denied, and the next click works', async () => {
    const page = await visit(context, site, { '/link': LINK });
    const said = confirmed(page);
    const popup = await openWindow(page, '#custom-login-btn');
    await logInAtPlatform(popup);
    await popup.click('button[name=decision][value=cancel]');
    assert.match((await said)[0], /^로그인하지 못했습니다: \{"error":"access_denied","error_description":".*\}$/);

    await accept(await openWindow(page, '#custom-login-btn'));
    await reads(page, '#nickname', NICKNAME);
  });

  test("the SDK's button: the server of the site is sent who has logged in", async () => {
    const page = await visit(context, site, {
      '/shop/button.jsp': BUTTON,
      '/shop/welcome.do': (request) => {
        const sent = new URLSearchParams(request.postData());
        return { body: `<!DOCTYPE html><h1>${sent.get('id')} ${sent.get('nickname')}</h1>` };
      },
    });
    const popup = await openWindow(page, '#kakao-login-btn img');
    await logInAtPlatform(popup);
    await accept(popup);
    await reads(page, 'h1', `${USER.id} ${NICKNAME}`);
    assert.equal(new URL(page.url()).pathname, '/shop/welcome.do');
    assert.deepEqual(page.problems, []);
  });

  test('a redirect login with a back end of its own: greeted after the return, asked to log in after the logout', async () => {
    const redirectUri = `${site.page}/own-callback`;
    const page = await visit(context, site, {
      '/board/list': REDIRECT,
      '/session.do': async (request) => {
        const { code, next } = Object.fromEntries(new URL(request.url()).searchParams);
        const body = new URLSearchParams({
          grant_type: 'authorization_code', client_id: REST_API_KEY, client_secret: site.secret, redirect_uri: redirectUri, code,
        });
        const token = await (await fetch(`${site.platform}/oauth/token`, { method: 'POST', body })).json();
        return {
          headers: { 'set-cookie': `kakao_token=${token.access_token}; Path=/` },
          body: `<!DOCTYPE html><script>location.replace('${next}');</script>`,
        };
      },
    });
    await serveReturn(page, redirectUri, CALLBACK);
    await reads(page, '#result', '로그인해 주세요.');
    await page.click('text=카카오로 시작하기');
    await logInAtPlatform(page);
    await accept(page);
    await reads(page, '#result', `${NICKNAME}님, 반갑습니다.`);
    assert.equal(page.url(), `${site.page}/board/list`);
    await page.reload();
    await reads(page, '#result', `${NICKNAME}님, 반갑습니다.`);

    await page.click('#logout');
    await reads(page, '#result', '로그인해 주세요.');
    assert.equal(await page.evaluate(() => document.cookie), '');
    assert.deepEqual(page.problems, []);
  });

  test('kakaoAsyncInit: a guest, known from then on at every load, and a guest again after leaving', async () => {
    const page = await visit(context, site, { '/mypage': LATE });
    await reads(page, '#title', '손님');
    const popup = await openWindow(page, '#login-box img');
    await logInAtPlatform(popup);
    await accept(popup);
    await reads(page, '#title', NICKNAME);
    await page.reload();
    await reads(page, '#title', NICKNAME);
    assert.equal(await page.isVisible('#login-box'), false);

    const said = confirmed(page, 2);
    await page.click('#leave');
    assert.deepEqual(await said, ['정말 탈퇴하시겠습니까?', `${USER.id} 탈퇴했습니다.`]);
    await reads(page, '#title', '손님');
    const again = await openWindow(page, '#login-box img');
    await again.waitForSelector('button[name=decision][value=accept]'); // has to agree anew
    assert.deepEqual(page.problems, []);
  });

  test('a page that starts the SDK twice, and leaves while it logs out', { timeout: 60_000 }, async () => {
    const page = await visit(context, site, { '/twice': TWICE });
    await reads(page, '#who', '손님');
    const popup = await openWindow(page, '#login');
    await logInAtPlatform(popup);
    await accept(popup);
    await page.waitForURL('**/twice?hi');
    await reads(page, '#who', USER.id);

    await page.click('#logout');
    await page.waitForURL('**/twice?bye');
    const who = page.locator('#who:not(:empty)');
    while (await who.textContent() !== '손님') await page.reload(); // the logout may still be on its way
    assert.equal(await page.title(), 'Uncaught KakaoError: Kakao.init: Already initialized');
  });
});
