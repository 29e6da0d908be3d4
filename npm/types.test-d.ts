// Tests of index.d.ts, for `tsc -p npm`: what stands here compiles, except for each line that a
// comment marks with ts-expect-error, which must not. Nothing here runs.

import DefaultKakao, { Kakao } from './index.js';
import type {
  ApiError, ApiPath, ApiResponse, AuthError, AuthStatus, InitOptions, KakaoError, LoginSettings,
  RequestSettings, ScopesResponse, ServiceTermsResponse, TokenEventDetail, TokenResponse,
  UserIdResponse, UserResponse,
} from './index.js';

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends (<T>() => T extends B ? 1 : 2) ? true : false;
/** Compiles only if value has exactly the type Expected. */
declare function exactly<Expected>(): <Actual>(value: Actual, ...same: Same<Actual, Expected> extends true ? [] : ['not the same type']) => void;

declare const userOk: (user: UserResponse) => void;
declare const someString: string;

// ----- both exports are the object

exactly<Kakao>()(Kakao);
exactly<Kakao>()(DefaultKakao);
exactly<string>()(Kakao.VERSION);
// @ts-expect-error: it cannot be changed
Kakao.VERSION = '2';

// ----- init, isInitialized, cleanup, load

Kakao.init('key');
Kakao.init('key', 'extra-key');
Kakao.init('key', {});
Kakao.init('key', {
  server: '/kakao',
  authHost: 'http://127.0.0.1:8480',
  apiHost: 'http://127.0.0.1:8480',
  idempotent: true,
  success: (login) => exactly<TokenResponse>()(login),
  fail: (error) => exactly<AuthError>()(error),
  always: (outcome) => exactly<TokenResponse | AuthError>()(outcome),
});
const options: InitOptions = { server: undefined };
Kakao.init('key', options);
// @ts-expect-error: the app key is missing
Kakao.init();
// @ts-expect-error: an app key is a string
Kakao.init(123);
// @ts-expect-error: there is no such option
Kakao.init('key', { host: '/kakao' });
// @ts-expect-error: an option, or a string, is no number
Kakao.init('key', 1);
exactly<boolean>()(Kakao.isInitialized());
exactly<void>()(Kakao.cleanup());
exactly<Promise<Kakao>>()(Kakao.load({ wasmUrl: new URL('https://cdn.example/kakao.wasm') }));
Kakao.load({ wasmUrl: '/kakao.wasm' });
Kakao.load();
// @ts-expect-error: wasmUrl is an address
Kakao.load({ wasmUrl: 1 });

// ----- Auth.login

exactly<Promise<TokenResponse>>()(Kakao.Auth.login());
Kakao.Auth.login({});
Kakao.Auth.login({
  scope: 'openid,account_email',
  nonce: 'n',
  throughTalk: false,
  persistAccessToken: undefined,
  serviceTerms: 'tag1,tag2',
  success(login) {
    exactly<string>()(login.access_token);
    exactly<number>()(login.expires_in);
    exactly<string | undefined>()(login.scope);
    exactly<string | undefined>()(login.id_token);
    // @ts-expect-error: the refresh token never reaches the browser
    login.refresh_token;
  },
  fail(error) {
    if (error.error === 'popup_blocked') return;
    exactly<string | undefined>()(error.error_code);
  },
  always(outcome) {
    if ('error' in outcome) exactly<AuthError>()(outcome);
    else exactly<TokenResponse>()(outcome);
  },
});
// @ts-expect-error: scope is one string
Kakao.Auth.login({ scope: ['account_email'] });
// @ts-expect-error: an explicit undefined is refused where there is no default
Kakao.Auth.login({ scope: undefined });
// @ts-expect-error: there is no such parameter
Kakao.Auth.login({ scopes: 'account_email' });
// @ts-expect-error: a parameter of authorize
Kakao.Auth.login({ prompts: 'login' });
// @ts-expect-error: one of two strings
Kakao.Auth.login({ approvalType: 'group' });
// @ts-expect-error: settings are an object
Kakao.Auth.login('account_email');

// ----- Auth.authorize

exactly<false | undefined>()(Kakao.Auth.authorize({ redirectUri: 'https://page.example/login', prompts: 'none' }));
Kakao.Auth.authorize();
Kakao.Auth.authorize({ prompts: 'login,select_account', loginHint: 'a@example.com', isPopup: true, state: 's' });
// @ts-expect-error: a parameter of login
Kakao.Auth.authorize({ persistAccessToken: true });
// @ts-expect-error: prompts is one string
Kakao.Auth.authorize({ prompts: ['login'] });

// ----- Auth.createLoginButton

exactly<void>()(Kakao.Auth.createLoginButton({ container: '#login', lang: 'en', size: 'large' }));
Kakao.Auth.createLoginButton({ container: document.body, success: (login) => exactly<TokenResponse>()(login) });
// @ts-expect-error: container is required
Kakao.Auth.createLoginButton({ lang: 'kr' });
// @ts-expect-error: the language is called kr
Kakao.Auth.createLoginButton({ container: '#login', lang: 'ko' });
// @ts-expect-error: there is no such size
Kakao.Auth.createLoginButton({ container: '#login', size: 'huge' });

// ----- the rest of Auth

exactly<Promise<true>>()(Kakao.Auth.logout());
Kakao.Auth.logout((done) => exactly<true>()(done));
Kakao.Auth.logout(() => {});
// @ts-expect-error: a function or nothing
Kakao.Auth.logout({});
exactly<Promise<AuthStatus>>()(Kakao.Auth.getStatusInfo());
Kakao.Auth.getStatusInfo((status) => {
  if (status.status === 'connected') exactly<UserResponse>()(status.user);
  else exactly<undefined>()(status.user);
});
exactly<string | null>()(Kakao.Auth.getAccessToken());
exactly<string | null>()(Kakao.Auth.getAppKey());
Kakao.Auth.setAccessToken('token');
Kakao.Auth.setAccessToken('token', false);
Kakao.Auth.setAccessToken(null);
// @ts-expect-error: null removes the token
Kakao.Auth.setAccessToken();
// @ts-expect-error: not part of this surface
Kakao.Auth.getRefreshToken;
// @ts-expect-error: not part of this surface
Kakao.Auth.loginForm;

// ----- API.request, each address

exactly<Promise<UserResponse>>()(Kakao.API.request({ url: '/v2/user/me' }));
exactly<Promise<UserIdResponse>>()(Kakao.API.request({ url: '/v1/user/logout' }));
exactly<Promise<UserIdResponse>>()(Kakao.API.request({ url: '/v1/user/unlink', data: {} }));
exactly<Promise<ScopesResponse>>()(Kakao.API.request({ url: '/v2/user/scopes' }));
exactly<Promise<ScopesResponse>>()(Kakao.API.request({ url: '/v2/user/revoke/scopes', data: { scopes: ['friends'] } }));
exactly<Promise<ServiceTermsResponse>>()(Kakao.API.request({ url: '/v1/user/service/terms' }));
Kakao.API.request({ url: '/v1/user/service/terms', data: { extra: 'app_service_terms' } });
Kakao.API.request({ url: '/v2/user/scopes', data: { scopes: ['account_email'] as const } });
Kakao.API.request({
  url: '/v2/user/me',
  data: { property_keys: ['kakao_account.email'], secure_resource: true },
  success(user) {
    exactly<UserResponse>()(user);
    exactly<number>()(user.id);
    exactly<string | undefined>()(user.kakao_account?.profile?.nickname);
    exactly<'SOLAR' | 'LUNAR' | undefined>()(user.kakao_account?.birthday_type);
    exactly<boolean | undefined>()(user.kakao_account?.has_email);
    // @ts-expect-error: no such field
    user.kakao_account?.e_mail;
    // @ts-expect-error: the user may not have agreed
    user.kakao_account.email;
  },
  fail(error) {
    exactly<ApiError>()(error);
    exactly<string[] | undefined>()(error.required_scopes);
  },
  always: (outcome) => exactly<UserResponse | ApiError>()(outcome),
});
async function awaited(): Promise<string[]> {
  const { scopes } = await Kakao.API.request({ url: '/v2/user/scopes' });
  return scopes.filter((item) => item.revocable).map((item) => item.id);
}
// @ts-expect-error: url is required
Kakao.API.request({});
// @ts-expect-error: not one of the addresses
Kakao.API.request({ url: '/v1/user/signup' });
// @ts-expect-error: an address without its slash
Kakao.API.request({ url: 'v2/user/me' });
// @ts-expect-error: data.scopes is required
Kakao.API.request({ url: '/v2/user/revoke/scopes' });
// @ts-expect-error: data.scopes is required
Kakao.API.request({ url: '/v2/user/revoke/scopes', data: {} });
// @ts-expect-error: scopes is an array
Kakao.API.request({ url: '/v2/user/scopes', data: { scopes: 'account_email' } });
// @ts-expect-error: a parameter of another address
Kakao.API.request({ url: '/v2/user/me', data: { scopes: ['account_email'] } });
// @ts-expect-error: takes no data
Kakao.API.request({ url: '/v1/user/unlink', data: { target_id: 1 } });
// @ts-expect-error: no such setting
Kakao.API.request({ url: '/v2/user/me', files: [] });

// An address that the compiler does not know.
exactly<Promise<ApiResponse>>()(Kakao.API.request({ url: someString, data: { anything: 1 } }));
Kakao.API.request({ url: someString, success: (answer) => answer.kakao_account.email });
const written = { url: '/v2/user/me', data: { property_keys: ['kakao_account.email'] }, success(answer: any) { answer.id; } };
Kakao.API.request(written);

// One of several addresses.
function either(url: '/v1/user/logout' | '/v1/user/unlink'): Promise<UserIdResponse> {
  return Kakao.API.request({ url });
}
function any<Path extends ApiPath>(settings: RequestSettings<Path>) {
  return Kakao.API.request(settings);
}
any({ url: '/v2/user/me', success: userOk });

// ----- errors

const authErrors: AuthError[] = [
  { error: 'access_denied', error_description: 'User denied access' },
  { error: 'popup_blocked' }, { error: 'popup_closed' }, { error: 'popup_timeout' },
  { error: 'state_mismatch' }, { error: 'nonce_mismatch' }, { error: 'server_unavailable' },
  { error: 'login_required' }, { error: 'invalid_grant', error_code: 'KOE320' },
  { error: 'one of tomorrow' },
];
// @ts-expect-error: error is required
const noAuthError: AuthError = { error_description: 'x' };
// @ts-expect-error: a code is a string
const wrongAuthError: AuthError = { error: -401 };
const apiErrors: ApiError[] = [
  { code: -777, msg: 'Unknown error' },
  { code: -402, msg: 'insufficient scopes.', api_type: 'X', required_scopes: ['friends'], allowed_scopes: [] },
];
// @ts-expect-error: a code is a number
const wrongApiError: ApiError = { code: '-401', msg: 'x' };
try {
  Kakao.Auth.login({});
} catch (thrown) {
  const error = thrown as KakaoError;
  const plain: Error = error;
  exactly<'KakaoError' | 'Error'>()(error.name);
  exactly<string | undefined>()(error.param);
  exactly<string | undefined>()(error.hint);
  if (error.code === 'unknown_parameter') plain.message;
  // @ts-expect-error: a code is a string
  if (error.code === 1) plain.message;
}

// ----- the page

exactly<Kakao>()(window.Kakao);
window.kakaoAsyncInit = () => window.Kakao.init('key', { idempotent: true });
window.addEventListener('kakao:token', ({ detail }) => {
  exactly<TokenEventDetail>()(detail);
  exactly<'set' | 'renewed' | 'removed'>()(detail.status);
  exactly<number | undefined>()(detail.expires_in);
  // @ts-expect-error: the event never holds the token
  detail.access_token;
});
window.addEventListener('kakao:renew', (event) => exactly<Event>()(event));
window.dispatchEvent(new Event('kakao:renew'));

// ----- what @types/kakao-js-sdk lets a page write goes on compiling

const onSuccess = (auth: Kakao.Auth.AuthSuccessObject): void => console.log(auth.access_token, auth.token_type);
const onFail: (error: Kakao.Auth.AuthError) => void = (error) => console.log(error.error, error.error_description);
const size: Kakao.Auth.AuthButtonSize = 'medium';
const language: Kakao.Auth.AuthLanguage = 'kr';
const answered: Kakao.API.RequestSuccessCallback = (response) => console.log(response.kakao_account.email);
const refused: Kakao.API.RequestFailCallback = (error) => console.log(error.code, error.msg);
const ended: Kakao.API.RequestAlwaysCallback = (outcome) => console.log(outcome);
Kakao.Auth.createLoginButton({
  container: document.getElementById('login') as HTMLElement,
  lang: language, size, scope: 'account_email,gender', persistAccessToken: true, throughTalk: true,
  success: onSuccess, fail: onFail, always: (outcome: Kakao.Auth.AuthSuccessObject | Kakao.Auth.AuthError) => outcome,
});
const settings: LoginSettings = { scope: 'gender', success: onSuccess, fail: onFail };
Kakao.Auth.login(settings);
Kakao.API.request({ url: '/v2/user/me', success: answered, fail: refused, always: ended });
Kakao.API.request({ url: '/v2/user/me', success: (response: any) => response.kakao_account.email });
Kakao.API.request({ url: '/v2/user/me', success: (response: Kakao.API.ApiResponse) => response.properties.nickname });
Kakao.API.request({ url: '/v2/user/me' }).then((response: Kakao.API.ApiResponse) => response.kakao_account.email);
Kakao.Auth.getStatusInfo((info: Kakao.Auth.AuthStatusObject) => info.user?.id);
Kakao.Auth.getStatusInfo(({ status, user }) => [status, user?.properties?.nickname]);
if (!Kakao.Auth.getAccessToken()) Kakao.Auth.setAccessToken(null, true);

// Only null and undefined are told apart where @types/kakao-js-sdk does not, and only under
// strictNullChecks: the value may be missing, and the legacy page would have failed there.
// @ts-expect-error: null without a login
const token: string = Kakao.Auth.getAccessToken();
// @ts-expect-error: not every error has a description
Kakao.Auth.login({ fail: (error) => error.error_description.length });
