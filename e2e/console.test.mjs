// The console of the local platform, as a developer uses it.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { accept, logInAtPlatform, login, openPage, request, useSite, USER } from './site.mjs';

const APP = '100001';
const REST_API_KEY = '1'.repeat(32);
const VIEWS = ['apps', `apps/${APP}`, 'users', `users/${USER.id}`, 'links', 'calls', 'webhooks', 'faults', 'platform'];

describe('the console', () => {
  let site;
  let context;
  useSite((used) => { ({ site, context } = used); });

  /** Opens a view. Whatever the browser complains about fails the test that looks at `problems`. */
  async function open(view, { lang = 'ko' } = {}) {
    const page = await context.newPage();
    page.problems = [];
    page.on('pageerror', (error) => page.problems.push(String(error)));
    page.on('console', (message) => { if (message.type() === 'error') page.problems.push(message.text()); });
    await page.goto(`${site.platform}/console?lang=${lang}#/${view}`);
    await page.waitForFunction(() => document.querySelector('#clock').textContent);
    return page;
  }

  /** Calls the API of the console. */
  async function api(method, path, body) {
    const answer = await fetch(`${site.platform}/console/api/${path}`, { method, body: body && JSON.stringify(body) });
    assert.ok(answer.ok, `${method} ${path}: ${answer.status}`);
    return answer.status === 204 ? null : answer.json();
  }
  const app = () => api('GET', `apps/${APP}`);

  /** Saves the form of a page, and waits until it has no changes. */
  async function save(page) {
    const said = page.getByRole('status').getByText('저장했습니다').waitFor(); // it fades, so it is awaited before it is there
    await page.getByRole('button', { name: '저장', exact: true }).click();
    await Promise.all([said, page.locator('.editor:not(.dirty)').waitFor()]);
  }

  /** The page that the platform shows for an authorization request. */
  async function authorize(redirectURI, more = {}) {
    const page = await context.newPage();
    await page.goto(`${site.platform}/oauth/authorize?${new URLSearchParams({
      client_id: REST_API_KEY, redirect_uri: redirectURI, response_type: 'code', ...more,
    })}`);
    return page;
  }

  test('a redirect URI that is registered on the page can be logged in with', async () => {
    const target = `${site.page}/blank`;
    const before = await app();
    const page = await open(`apps/${APP}`);
    const uris = page.getByRole('group', { name: '리다이렉트 URI', exact: true });
    await uris.getByRole('button', { name: '+ 주소 추가' }).click();
    await page.keyboard.type(target);
    await save(page);
    assert.deepEqual(await app(), { ...before, redirect_uris: [...before.redirect_uris, target] });

    const popup = await authorize(target);
    await logInAtPlatform(popup);
    await accept(popup);
    await popup.waitForURL((url) => url.href.startsWith(`${target}?code=`));
    assert.deepEqual(page.problems, []);
  });

  test('a consent item that is switched to required cannot be declined', async () => {
    const page = await open(`apps/${APP}`);
    await page.getByRole('combobox', { name: '카카오계정(이메일)' }).selectOption('required');
    await save(page);
    const popup = await authorize(`${site.page}/own-callback`);
    await logInAtPlatform(popup);
    const box = popup.locator('input[name=scope][value=account_email]');
    assert.deepEqual([await box.isChecked(), await box.isDisabled()], [true, true]);

    await page.getByRole('combobox', { name: '카카오계정(이메일)' }).selectOption('optional');
    await save(page);
    assert.deepEqual((await app()).scopes.find(({ id }) => id === 'account_email').required, undefined);
  });

  test('a mistake is shown beside its field, and what was typed stays', async () => {
    const before = await app();
    const page = await open(`apps/${APP}`);
    await page.getByLabel('앱 이름').fill('다른 이름');
    const uris = page.getByRole('group', { name: '리다이렉트 URI', exact: true });
    await uris.getByRole('button', { name: '+ 주소 추가' }).click();
    await page.keyboard.type('http://example.com/oauth');
    await page.getByRole('button', { name: '저장', exact: true }).click();
    const row = uris.locator('.row', { has: page.locator('[aria-invalid]') });
    await row.getByText('https를 써야 합니다').waitFor();
    const wrong = row.locator('input');
    assert.equal(await wrong.inputValue(), 'http://example.com/oauth');
    assert.equal(await wrong.evaluate((input) => input === document.activeElement), true);
    assert.equal(await page.getByLabel('앱 이름').inputValue(), '다른 이름');
    assert.deepEqual(await app(), before);

    // Who leaves and comes back finds it as it was.
    await page.getByRole('link', { name: '사용자', exact: true }).click();
    await page.getByRole('heading', { name: '사용자', level: 1 }).waitFor();
    await page.goBack();
    assert.equal(await page.getByLabel('앱 이름').inputValue(), '다른 이름');
    await page.getByRole('button', { name: '되돌리기' }).click();
    assert.equal(await page.getByLabel('앱 이름').inputValue(), before.name);
  });

  test('secrets are hidden until asked for', async () => {
    const page = await open(`apps/${APP}`);
    for (const name of ['어드민 키', '클라이언트 시크릿']) {
      const field = page.getByLabel(name, { exact: true });
      assert.equal(await field.getAttribute('type'), 'password');
      await page.getByRole('button', { name: `${name}: 보기` }).click();
      assert.equal(await field.getAttribute('type'), 'text');
    }
  });

  test('a new app gets a client secret by switching it on', async () => {
    const page = await open('apps');
    await page.getByLabel('앱 이름').fill('새 서비스');
    await page.getByRole('button', { name: '등록' }).click();
    const asks = page.getByRole('switch', { name: '클라이언트 시크릿 사용' });
    assert.equal(await asks.isChecked(), false);
    await asks.check();
    await save(page);
    const [, id] = /#\/apps\/(\d+)/.exec(page.url());
    assert.match((await api('GET', `apps/${id}`)).client_secret, /^[0-9a-f]{32}$/);
    await asks.uncheck();
    await save(page);
    const { client_secret: kept, client_secret_off: off } = await api('GET', `apps/${id}`);
    assert.deepEqual([kept.length, off], [32, true]);

    await page.getByRole('button', { name: '앱 삭제' }).click();
    await page.getByRole('dialog').getByRole('button', { name: '앱 삭제' }).click();
    await page.getByRole('heading', { name: '앱', level: 1, exact: true }).waitFor();
    assert.deepEqual((await api('GET', 'apps')).map((left) => left.id), [Number(APP)]);
    assert.deepEqual(page.problems, []);
  });

  test('a fault that is injected on the page makes the API fail, until it is ended', async () => {
    const page = await open('faults');
    const ask = () => page.evaluate(() => fetch('/v2/user/me').then(({ status }) => status, () => 'dropped'));
    assert.equal(await ask(), 401);
    await page.getByRole('button', { name: 'API 연결 끊김' }).click();
    await page.locator('.faults').getByText('/v*').waitFor();
    assert.equal(await ask(), 'dropped');
    await page.getByRole('button', { name: '끝내기: /v*' }).click();
    await page.getByText('켜져 있는 장애가 없습니다.').waitFor();
    assert.equal(await ask(), 401);

    await page.getByLabel('경로').fill('/v2/user/me');
    await page.getByLabel('횟수').fill('1');
    await page.getByRole('button', { name: '장애 일으키기' }).click();
    await page.getByText('무엇이 잘못되게 할지').waitFor();
    await page.getByLabel('HTTP 상태').fill('503');
    await page.getByRole('button', { name: '장애 일으키기' }).click();
    await page.locator('.faults').getByText('1번 남음').waitFor();
    assert.deepEqual([await ask(), await ask()], [503, 401]);
  });

  test('a call appears as it happens, without its secrets', async () => {
    const page = await open('calls');
    await page.getByText('표시할 요청이 없습니다.').waitFor();
    await fetch(`${site.platform}/oauth/token`, {
      method: 'POST', body: new URLSearchParams({ grant_type: 'authorization_code', client_id: REST_API_KEY, client_secret: site.secret, code: 'very-secret-code' }),
    });
    await fetch(`${site.platform}/v2/user/me`, { headers: { Authorization: 'Bearer very-secret-token' } });
    const line = page.locator('.line', { hasText: '/oauth/token' });
    await line.getByText('KOE').waitFor();
    await page.locator('.line', { hasText: '/v2/user/me' }).locator('summary').click();
    await page.getByText('Bearer (hidden)').waitFor();
    await line.locator('summary').click();
    await line.getByText('authorization_code').waitFor();
    assert.equal(await line.getByText('(hidden)').count(), 2);
    const shown = await page.content();
    for (const secret of [site.secret, 'very-secret-code', 'very-secret-token']) assert.ok(!shown.includes(secret));

    await page.getByRole('combobox', { name: '경로, 파라미터, 본문 검색' }).fill('/v2');
    assert.equal(await line.isVisible(), false);
    await page.getByRole('button', { name: '비우기' }).click();
    await page.getByText('표시할 요청이 없습니다.').waitFor();
    assert.deepEqual(page.problems, []);
  });

  test('requests are filtered, grouped, copied, and a login is drawn under an address of its own', async () => {
    await api('DELETE', 'calls');
    const [{ redirect_uris: [redirect_uri] }] = await api('GET', 'apps');
    const asked = { response_type: 'code', client_id: REST_API_KEY, redirect_uri, state: 'of-one-login' };
    await fetch(`${site.platform}/oauth/authorize?${new URLSearchParams({ ...asked, prompt: 'none' })}`, { redirect: 'manual' });
    await fetch(`${site.platform}/oauth/authorize?${new URLSearchParams({ ...asked, scope: 'not-there' })}`, { redirect: 'manual' });
    await fetch(`${site.platform}/v2/user/me`, { headers: { Authorization: 'Bearer very-secret-token' } });
    const page = await open('calls');
    const lines = page.locator('.line');
    await lines.nth(2).waitFor();
    await page.getByRole('combobox', { name: '상태로 거르기' }).selectOption('bad');
    assert.deepEqual(await lines.evaluateAll((all) => all.filter((line) => line.checkVisibility()).length), 1);
    await page.getByRole('combobox', { name: '상태로 거르기' }).selectOption('all');

    await page.evaluate(() => Object.defineProperty(navigator, 'clipboard', { value: { writeText: async (text) => { window.copied = text; } } }));
    const me = page.locator('.line', { hasText: '/v2/user/me' });
    await me.locator('summary').click();
    await me.getByRole('button', { name: 'cURL로 복사' }).click();
    await page.getByRole('status').getByText('복사했습니다').waitFor();
    const copied = await page.evaluate(() => window.copied);
    assert.ok(copied.startsWith('curl ') && copied.includes(`${site.platform}/v2/user/me`) && !copied.includes('very-secret-token'), copied);

    await page.getByRole('switch', { name: '로그인별로 묶기' }).check({ force: true });
    await page.locator('.group').nth(1).waitFor();
    assert.equal(await page.locator('.group', { hasText: '/oauth/authorize' }).locator('.line').count(), 2);
    const first = page.locator('.line', { hasText: '/oauth/authorize' }).first();
    await first.locator('summary').click();
    await first.getByRole('link', { name: '이 로그인 전체 보기' }).click();
    await page.getByRole('region', { name: '요청 2개의 시퀀스 다이어그램' }).waitFor();
    await page.reload();
    await page.getByRole('region', { name: '요청 2개의 시퀀스 다이어그램' }).waitFor();
    assert.deepEqual(page.problems, []);
  });

  test('a user who is disconnected on the page has no token any more', async () => {
    const site1 = await openPage(context, site);
    await login(site1);
    const page = await open('links');
    const link = page.locator('.link', { hasText: '하늘보리' });
    await link.getByText('닉네임').waitFor();
    await link.getByLabel('연결을 해제한 경로').selectOption('UNLINK_FROM_ADMIN');
    await link.getByRole('button', { name: '연결 해제' }).click();
    await page.getByText('연결이 없습니다.').waitFor();
    const [outcome, answer] = await request(site1, '/v2/user/me');
    assert.deepEqual([outcome, answer.code], ['fail', -401]);
  });

  test('the clock is moved, stopped and set right again', async () => {
    const page = await open('platform');
    const ahead = async () => Date.parse((await api('GET', 'clock')).now) - Date.now();
    await page.getByRole('button', { name: '+31일' }).click();
    await page.locator('#clock').getByText('+31일').waitFor();
    assert.ok(Math.abs(await ahead() - 31 * 86_400_000) < 60_000);
    await page.getByRole('button', { name: '멈추기' }).click();
    await page.getByRole('button', { name: '다시 가기' }).waitFor();
    assert.equal((await api('GET', 'clock')).stopped, true);
    await page.getByRole('button', { name: '실제 시각으로' }).click();
    await page.getByRole('button', { name: '멈추기' }).waitFor();
    assert.ok(Math.abs(await ahead()) < 60_000);
  });

  test('a platform that does not answer is said so, and followed again when it does', async () => {
    const page = await open('calls');
    await fetch(`${site.platform}/v2/user/me`);
    const lines = page.locator('.line');
    await lines.first().waitFor();
    const api = '**/console/api/**';
    await page.route(api, (route) => route.abort());
    await page.getByText('에뮬레이터가 응답하지 않습니다.').waitFor();
    await page.unroute(api);
    await page.getByText('에뮬레이터가 응답하지 않습니다.').waitFor({ state: 'hidden' });
    await fetch(`${site.platform}/v2/user/me`);
    await lines.nth(1).waitFor();
    assert.equal(await lines.count(), 2);
  });

  test('names are text, whatever they hold', async () => {
    const hostile = '<img src=x onerror="document.title=\'owned\'">';
    const made = await api('POST', 'apps', { name: hostile });
    const user = await api('POST', 'users', { nickname: hostile });
    await fetch(`${site.platform}/v2/user/me?${encodeURIComponent(hostile)}=${encodeURIComponent(hostile)}`);
    for (const view of ['apps', `apps/${made.id}`, 'users', `users/${user.id}`, 'calls', 'platform']) {
      const page = await open(view);
      for (const summary of await page.locator('.line summary').all()) await summary.click();
      assert.equal(await page.locator('img[src=x]').count(), 0, view);
      assert.notEqual(await page.title(), 'owned');
      assert.deepEqual(page.problems, []);
    }
    await api('DELETE', `apps/${made.id}`);
    await api('DELETE', `users/${user.id}`);
  });

  test('nothing sticks out on a phone, in either language', async () => {
    const user = await api('POST', 'users', { nickname: '가'.repeat(40), email: `${'a'.repeat(60)}@example.com` });
    await login(await openPage(context, site));
    for (const lang of ['ko', 'en']) {
      for (const view of [...VIEWS, `users/${user.id}`]) {
        const page = await open(view, { lang });
        await page.setViewportSize({ width: 390, height: 780 });
        const [wide, room] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
        assert.ok(wide <= room, `${view} in ${lang} is ${wide} px wide`);
        assert.equal(await page.evaluate(() => document.documentElement.lang), lang);
        await page.close();
      }
    }
    await api('DELETE', `users/${user.id}`);
  });

  test('the keyboard is enough', async () => {
    const page = await open('apps');
    const press = (...keys) => keys.reduce((before, key) => before.then(() => page.keyboard.press(key)), Promise.resolve());
    const focused = () => page.evaluate(() => document.activeElement.textContent || document.activeElement.value);
    await press('Tab');
    assert.equal(await focused(), '본문으로 건너뛰기');
    await press('Tab', 'Tab', 'Enter');
    await page.waitForFunction(() => document.activeElement.textContent === '사용자' && document.activeElement.tagName === 'H1');
    await press('Tab', 'Enter');
    await page.waitForFunction(() => document.activeElement.textContent === '하늘보리' && document.activeElement.tagName === 'H1');
    await press('Tab');
    assert.equal(await focused(), '하늘보리');
    await page.keyboard.type('하늘');
    await press('Enter');
    await page.getByRole('heading', { name: '하늘', level: 1, exact: true }).waitFor();
    assert.equal((await api('GET', `users/${USER.id}`)).nickname, '하늘');

    // A dialog takes the focus, and Escape changes nothing.
    const remove = page.getByRole('button', { name: '계정 탈퇴' });
    await remove.focus();
    await press('Enter');
    await page.getByRole('dialog').waitFor();
    assert.equal(await focused(), '취소');
    await press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    assert.equal(await focused(), '계정 탈퇴');
    await api('PATCH', `users/${USER.id}`, { nickname: '하늘보리' });
    assert.deepEqual(page.problems, []);
  });
});
