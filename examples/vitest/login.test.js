import { useKakao } from '@kakaowasm/emulator/vitest';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { serve } from '../app/app.mjs';

const kakao = useKakao();

describe('login', () => {
  let app;
  beforeEach(async () => { app = await serve(kakao); });
  afterEach(() => app.close());

  it('greets the user', async () => {
    await kakao.logInAs('haneul@example.com');
    const page = await fetch(`${app.url}/login`);
    expect(await page.text()).toContain('하늘보리님');
    await kakao.assertCalled('/v2/user/me', { times: 1 });
  });

  it('begins anew for each test', async () => {
    expect(await kakao.calls()).toEqual([]);
    const page = await fetch(`${app.url}/login`);
    expect(page.url).toContain('/oauth/authorize'); // nobody logs in automatically
  });

  it('takes an outage of Kakao', async () => {
    await kakao.logInAs(4210000002);
    await kakao.fault('/v2/user/me', { drop: true });
    expect((await fetch(`${app.url}/login`)).status).toBe(502);
  });
});
