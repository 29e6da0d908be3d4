// Compiled by tsc only: what a test that uses the package may write, and what it may not.

import { createEmulator, EmulatorError, type Call, type World } from '@kakaowasm/emulator';
import { expect, test } from '@kakaowasm/emulator/playwright';
import { useKakao } from '@kakaowasm/emulator/vitest';
import { useKakao as useKakaoWithJest } from '@kakaowasm/emulator/jest';

const kakao = await createEmulator({ seed: { users: [{ id: 1, nickname: '하늘' }] }, port: 0 });
const world: World = await kakao.world('w1', await kakao.export());
const user = await kakao.users.add({ nickname: '새봄' });
await kakao.users.change(user.id, { email: null });
await kakao.logInAs(user);
await kakao.fault('/oauth/token', { status: 500, times: 2 });
const calls: Call[] = await kakao.assertCalled('/oauth/token', { times: 1, form: { grant_type: 'refresh_token' } });
const now: Date = await kakao.clock.now();
useKakao({ redirectUris: ['http://127.0.0.1:3000/back'] }).reset();
useKakaoWithJest().close();
new EmulatorError('x').mistakes.map(({ problem }) => problem);
void [world, calls, now];

// @ts-expect-error a nickname is required
await kakao.users.add({ email: 'a@example.com' });
// @ts-expect-error a fault has a path and an effect
await kakao.fault({ status: 500 });
// @ts-expect-error a port is a number
await createEmulator({ port: '0' });

test.use({ kakaoOptions: { redirectUris: ['http://127.0.0.1:3000/back'] } });
test('a world for each test', async ({ page, kakao: own }) => {
  await own.logInAs('haneul@example.com');
  await expect(page).toHaveURL(own.url);
});
