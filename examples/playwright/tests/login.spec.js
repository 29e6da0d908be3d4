import { expect, test as base } from '@kakaowasm/emulator/playwright';
import { serve } from '../../app/app.mjs';

// Each test has a world of its own (kakao), and the app in front of it.
const test = base.extend({
  app: async ({ kakao }, use) => {
    const app = await serve(kakao);
    await use(app);
    await app.close();
  },
});

test('logs in without a page of Kakao', async ({ page, app, kakao }) => {
  await kakao.logInAs('haneul@example.com');
  await page.goto(app.url);
  await page.getByRole('link', { name: '카카오로 로그인' }).click();
  await expect(page.getByText('하늘보리님, 안녕하세요.')).toBeVisible();
  await kakao.assertCalled('/oauth/token', { times: 1, form: { grant_type: 'authorization_code' }, status: 200 });
});

test('logs in by the pages, as a user does', async ({ page, app }) => {
  await page.goto(app.url);
  await page.getByRole('link', { name: '카카오로 로그인' }).click();
  await page.getByRole('button', { name: /도토리현/ }).click();
  await page.getByRole('button', { name: '동의하고 계속하기' }).click();
  await expect(page.getByText('도토리현님, 안녕하세요.')).toBeVisible();
});

test('says so when the user declines', async ({ page, app }) => {
  await page.goto(app.url);
  await page.getByRole('link', { name: '카카오로 로그인' }).click();
  await page.getByRole('button', { name: '취소' }).click();
  await expect(page.getByText('로그인을 취소했습니다.')).toBeVisible();
});

test('recovers when Kakao fails once', async ({ page, app, kakao }) => {
  await kakao.logInAs('haneul@example.com');
  await kakao.fault('/oauth/token', { status: 500, times: 1 });
  await page.goto(`${app.url}/login`);
  await expect(page.getByText('지금은 로그인할 수 없습니다.')).toBeVisible();
  await page.getByRole('link', { name: '다시 시도' }).click();
  await expect(page.getByText('하늘보리님, 안녕하세요.')).toBeVisible();
});

for (const name of ['봄', '여름', '가을', '겨울']) {
  test(`keeps apart from tests that run at the same time: ${name}`, async ({ page, app, kakao }) => {
    const user = await kakao.users.add({ nickname: name });
    await kakao.logInAs(user);
    await page.goto(`${app.url}/login`);
    await expect(page.getByText(`${name}님, 안녕하세요.`)).toBeVisible();
    expect(await kakao.users.list()).toHaveLength(5);
  });
}
