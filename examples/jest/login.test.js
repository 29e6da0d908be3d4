import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { useKakao } from '@kakaowasm/emulator/jest';
import { serve } from '../app/app.mjs';

const kakao = useKakao();

let app;
beforeEach(async () => { app = await serve(kakao); });
afterEach(() => app.close());

test('greets the user', async () => {
  await kakao.logInAs('haneul@example.com');
  const page = await fetch(`${app.url}/login`);
  expect(await page.text()).toContain('하늘보리님');
  await kakao.assertCalled('/oauth/token', { times: 1, form: { grant_type: 'authorization_code' } });
});

test('tells what was called, if it is not what was expected', async () => {
  await expect(kakao.assertCalled('/oauth/token')).rejects.toThrow('expected /oauth/token to be called at least once');
});
