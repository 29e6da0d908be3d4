// @vitest-environment happy-dom
import { cleanup, fireEvent, render, screen } from '@testing-library/react';
import { KakaoProvider } from 'kakaowasm/react';
import { createFakeKakao } from 'kakaowasm/testing';
import { afterEach, expect, test } from 'vitest';
import { Account } from './Account.jsx';

const user = { id: 1, kakao_account: { profile: { nickname: '하늘' } } };
const show = (Kakao) => render(<KakaoProvider appKey="key" Kakao={Kakao}><Account /></KakaoProvider>);

afterEach(cleanup);

test('greets who has logged in', async () => {
  show(createFakeKakao({ user }));
  fireEvent.click(await screen.findByRole('button', { name: '카카오 로그인' }));
  expect(await screen.findByText('하늘님, 안녕하세요.')).toBeTruthy();
});

test('says why nobody could', async () => {
  const Kakao = createFakeKakao();
  Kakao.fake.fail('Auth.login', { error: 'server_unavailable' });
  show(Kakao);
  fireEvent.click(await screen.findByRole('button', { name: '카카오 로그인' }));
  expect((await screen.findByRole('alert')).textContent).toContain('server_unavailable');
});

test('follows a logout in another tab', async () => {
  const Kakao = createFakeKakao({ user });
  Kakao.init('key');
  Kakao.fake.logIn();
  show(Kakao);
  await screen.findByText('하늘님, 안녕하세요.');
  Kakao.fake.logOut();
  expect(await screen.findByRole('button', { name: '카카오 로그인' })).toBeTruthy();
});
