// @vitest-environment happy-dom
import { createFakeKakao } from 'kakaowasm/testing';
import { createKakao } from 'kakaowasm/vue';
import { expect, test, vi } from 'vitest';
import { createApp } from 'vue';
import Account from './Account.vue';

test('greets who has logged in', async () => {
  const Kakao = createFakeKakao({ user: { id: 1, kakao_account: { profile: { nickname: '하늘' } } } });
  const page = document.createElement('div');
  createApp(Account).use(createKakao({ appKey: 'key', Kakao })).mount(page);
  await vi.waitFor(() => page.querySelector('button').click());
  await vi.waitFor(() => expect(page.textContent).toContain('하늘님, 안녕하세요.'));
});
