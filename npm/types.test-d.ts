// Tests of index.d.ts, for `tsc -p npm`: what stands here compiles, except for each line that a
// comment marks with ts-expect-error, which must not. Nothing here runs.
//
// @types/kakao-js-sdk is here too, so that the bare name would be theirs; what is imported hides it.
/// <reference types="kakao-js-sdk" />

import DefaultKakao, { Kakao } from './index.js';
import type {
  AgreedServiceTermsResponse, ApiAnswer, ApiData, ApiError, ApiPath, ApiResponse, AuthError, AuthorizationCode,
  AuthStatus, ChannelsResponse, Files, FriendsResponse, ImageResponse, InitOptions, KakaoAPI, KakaoAuth, KakaoBeforeInit, KakaoError,
  KakaoWindow, LoginEventDetail, LoginSettings, MemoResponse, MessageResponse, MessageTemplate, OidcUserResponse, PlusFriendsResponse,
  RequestSettings, RevokedServiceTermsResponse, ScopesResponse, ServiceTermsResponse, ShippingAddressError,
  ShippingAddressesResponse, ShippingAddressResponse, Story, StoryIdResponse, StoryLinkInfo, StoryProfileResponse,
  TalkProfileResponse, TemplateResponse, TokenEventDetail, TokenInfoResponse, TokenResponse, UnknownError,
  UserIdResponse, UserResponse, UserServiceTermsResponse,
} from './index.js';

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends (<T>() => T extends B ? 1 : 2) ? true : false;
/** Compiles only if value has exactly the type Expected. */
declare function exactly<Expected>(): <Actual>(value: Actual, ...same: Same<Actual, Expected> extends true ? [] : ['not the same type']) => void;

declare const userOk: (user: UserResponse) => void;
declare const someString: string;
declare const anyData: { [name: string]: any };
declare const fileList: FileList;
declare const file: File;

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
  restoreSession: true,
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
    exactly<string | undefined>()(login.refresh_token);
    // @ts-expect-error: the refresh token never reaches the browser, so that no page may count on it
    login.refresh_token.length;
  },
  fail(error) {
    if (error.error === 'popup_blocked') return;
    exactly<string | undefined>()(error.error_code);
    exactly<string | undefined>()(error.hint);
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
// @ts-expect-error: a parameter of authorize
Kakao.Auth.login({ prompt: 'login' });
// @ts-expect-error: there is no such type
Kakao.Auth.login({ approvalType: 'group' });
// @ts-expect-error: settings are an object
Kakao.Auth.login('account_email');
// @ts-expect-error: a callback gets an object
Kakao.Auth.login({ success: (token: string) => token });

// ----- Auth.loginForm, Auth.autoLogin, Auth.issueAccessToken

exactly<Promise<TokenResponse>>()(Kakao.Auth.loginForm());
Kakao.Auth.loginForm({ scope: 'account_email', persistAccessToken: false, fail: (error) => exactly<AuthError>()(error) });
// @ts-expect-error: a parameter of authorize
Kakao.Auth.loginForm({ prompts: 'login' });
exactly<Promise<TokenResponse>>()(Kakao.Auth.autoLogin());
Kakao.Auth.autoLogin({ success: (login) => exactly<TokenResponse>()(login), fail: (error) => error.error === 'auto_login' });
// @ts-expect-error: callbacks only
Kakao.Auth.autoLogin({ scope: 'account_email' });
exactly<Promise<TokenResponse>>()(Kakao.Auth.issueAccessToken({ code: 'c', redirectUri: 'https://page.example/login' }));
Kakao.Auth.issueAccessToken({
  code: 'c', redirectUri: 'https://page.example/login', codeVerifier: 'v',
  success: (login) => exactly<TokenResponse>()(login),
  fail: (error) => exactly<AuthError>()(error),
  always: (outcome) => exactly<TokenResponse | AuthError>()(outcome),
});
// @ts-expect-error: code and redirectUri are required
Kakao.Auth.issueAccessToken();
// @ts-expect-error: redirectUri is required
Kakao.Auth.issueAccessToken({ code: 'c' });
// @ts-expect-error: the token server has the client secret
Kakao.Auth.issueAccessToken({ code: 'c', redirectUri: 'https://page.example/login', clientSecret: 's' });

// ----- Auth.authorize

exactly<false | undefined>()(Kakao.Auth.authorize({ redirectUri: 'https://page.example/login', prompts: 'none' }));
Kakao.Auth.authorize();
Kakao.Auth.authorize({ prompts: 'login,select_account', loginHint: 'a@example.com', isPopup: true, state: 's' });
Kakao.Auth.authorize({
  prompt: 'select_account',
  success(answer) {
    exactly<AuthorizationCode | TokenResponse>()(answer);
    if ('code' in answer) exactly<string>()(answer.code);
    else exactly<string>()(answer.access_token);
  },
  fail: (error) => exactly<string | undefined>()(error.state),
});
// @ts-expect-error: a parameter of login
Kakao.Auth.authorize({ persistAccessToken: true });
// @ts-expect-error: an explicit undefined is refused where there is no default
Kakao.Auth.authorize({ autoLogin: undefined });
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
exactly<''>()(Kakao.Auth.getRefreshToken());
exactly<void>()(Kakao.Auth.setRefreshToken());
Kakao.Auth.setRefreshToken('token');
exactly<void>()(Kakao.Auth.cleanup());
// @ts-expect-error: not part of this surface
Kakao.Auth.silentLogin;

// ----- the shipping-address windows

exactly<Promise<ShippingAddressResponse>>()(Kakao.Auth.selectShippingAddress());
exactly<Promise<ShippingAddressResponse>>()(Kakao.Auth.createShippingAddress({ returnUrl: 'https://page.example/address' }));
exactly<Promise<ShippingAddressResponse>>()(Kakao.Auth.updateShippingAddress({ addressId: 7 }));
Kakao.Auth.selectShippingAddress({
  forceMobileLayout: true, enableBackButton: false, close: () => {},
  success: (address) => exactly<number>()(address.address_id),
  fail(error) {
    if (error.error === undefined) exactly<string>()(error.code);
    else exactly<'popup_blocked' | 'popup_closed'>()(error.error);
  },
  always: (outcome) => exactly<ShippingAddressResponse | ShippingAddressError>()(outcome),
});
// @ts-expect-error: addressId is required
Kakao.Auth.updateShippingAddress({});
// @ts-expect-error: addressId is a number
Kakao.Auth.updateShippingAddress({ addressId: '7' });
// @ts-expect-error: a parameter of updateShippingAddress
Kakao.Auth.selectShippingAddress({ addressId: 7 });
// @ts-expect-error: an explicit undefined is refused where there is no default
Kakao.Auth.selectShippingAddress({ returnUrl: undefined });

// ----- API.request, each address

const { request } = Kakao.API;
const page = { request_url: 'https://page.example/' };
const custom = { template_id: 1, template_args: { name: 'Haneul', of: { any: 'depth' } } };
const receivers = { receiver_uuids: ['uuid'], receiver_id_type: 'uuid' };
const template: MessageTemplate = {
  object_type: 'feed', content: { title: 't', image_url: 'i', link: { web_url: 'https://page.example/' } },
  item_content: { profile_text: 'a field that Kakao may add' },
};
const post = { permission: 'F', enable_share: true, android_exec_param: 'a=1' } as const;
exactly<Promise<UserIdResponse>>()(request({ url: '/v1/user/signup' }));
exactly<Promise<UserIdResponse>>()(request({ url: '/v1/user/unlink', data: {} }));
exactly<Promise<UserResponse>>()(request({ url: '/v2/user/me' }));
exactly<Promise<UserIdResponse>>()(request({ url: '/v1/user/logout' }));
exactly<Promise<UserIdResponse>>()(request({ url: '/v1/user/update_profile', data: { properties: { age: 20 } } }));
exactly<Promise<TokenInfoResponse>>()(request({ url: '/v1/user/access_token_info' }));
exactly<Promise<OidcUserResponse>>()(request({ url: '/v1/oidc/userinfo' }));
exactly<Promise<ShippingAddressesResponse>>()(request({
  url: '/v1/user/shipping_address',
  data: { address_id: 1, from_updated_at: 0, page_size: 2 },
}));
exactly<Promise<ScopesResponse>>()(request({ url: '/v2/user/scopes' }));
exactly<Promise<ScopesResponse>>()(request({ url: '/v2/user/revoke/scopes', data: { scopes: ['friends'] } }));
exactly<Promise<ServiceTermsResponse>>()(request({
  url: '/v1/user/service/terms',
  data: { extra: 'app_service_terms' },
}));
exactly<Promise<UserServiceTermsResponse>>()(request({
  url: '/v2/user/service_terms',
  data: { result: 'app_service_terms', tags: 'a,b' },
}));
exactly<Promise<RevokedServiceTermsResponse>>()(request({ url: '/v2/user/revoke/service_terms', data: { tags: 'a' } }));
exactly<Promise<AgreedServiceTermsResponse>>()(request({ url: '/v2/user/upgrade/service_terms', data: { tags: 'a' } }));
exactly<Promise<TalkProfileResponse>>()(request({ url: '/v1/api/talk/profile', data: { secure_resource: true } }));
exactly<Promise<FriendsResponse>>()(request({
  url: '/v1/api/talk/friends',
  data: { offset: 0, limit: 3, order: 'asc', friend_order: 'nickname' },
}));
exactly<Promise<FriendsResponse>>()(request({ url: '/v1/friends' }));
exactly<Promise<ChannelsResponse>>()(request({ url: '/v1/api/talk/channels', data: { channel_public_ids: ['_a'] } }));
exactly<Promise<PlusFriendsResponse>>()(request({
  url: '/v1/api/talk/plusfriends',
  data: { plus_friend_public_ids: ['_a'] },
}));
exactly<Promise<MemoResponse>>()(request({ url: '/v2/api/talk/memo/send', data: custom }));
exactly<Promise<MemoResponse>>()(request({ url: '/v2/api/talk/memo/scrap/send', data: { ...page, ...custom } }));
exactly<Promise<MemoResponse>>()(request({
  url: '/v2/api/talk/memo/default/send',
  data: { template_object: template },
}));
exactly<Promise<MessageResponse>>()(request({
  url: '/v1/api/talk/friends/message/send',
  data: { ...custom, ...receivers },
}));
exactly<Promise<MessageResponse>>()(request({
  url: '/v1/api/talk/friends/message/scrap/send',
  data: { ...page, ...receivers },
}));
exactly<Promise<MessageResponse>>()(request({
  url: '/v1/api/talk/friends/message/default/send',
  data: { template_object: template, ...receivers },
}));
exactly<Promise<TemplateResponse>>()(request({
  url: '/v2/api/kakaolink/talk/template/validate',
  data: { link_ver: '4.0', ...custom },
}));
exactly<Promise<TemplateResponse>>()(request({
  url: '/v2/api/kakaolink/talk/template/scrap',
  data: { link_ver: '4.0', ...page },
}));
exactly<Promise<TemplateResponse>>()(request({
  url: '/v2/api/kakaolink/talk/template/default',
  data: { link_ver: '4.0', template_object: template, target_app_key: 'key' },
}));
exactly<Promise<ImageResponse>>()(request({ url: '/v2/api/talk/message/image/upload', data: { file: fileList } }));
exactly<Promise<ImageResponse>>()(request({
  url: '/v2/api/talk/message/image/upload',
  data: { file: [file] }, files: [new Blob()],
}));
exactly<Promise<ImageResponse>>()(request({ url: '/v2/api/talk/message/image/scrap', data: { image_url: 'i' } }));
exactly<Promise<ApiResponse>>()(request({ url: '/v2/api/talk/message/image/delete', data: { image_url: 'i' } }));
exactly<Promise<{ isStoryUser: boolean }>>()(request({ url: '/v1/api/story/isstoryuser' }));
exactly<Promise<StoryProfileResponse>>()(request({ url: '/v1/api/story/profile', data: { secure_resource: false } }));
exactly<Promise<Story>>()(request({ url: '/v1/api/story/mystory', data: { id: 'i' } }));
exactly<Promise<Story[]>>()(request({ url: '/v1/api/story/mystories', data: { last_id: 'i' } }));
exactly<Promise<StoryLinkInfo>>()(request({ url: '/v1/api/story/linkinfo', data: { url: 'https://page.example/' } }));
exactly<Promise<StoryIdResponse>>()(request({ url: '/v1/api/story/post/note', data: { content: 'c', ...post } }));
exactly<Promise<StoryIdResponse>>()(request({
  url: '/v1/api/story/post/photo',
  data: { image_url_list: ['/a.png'], ...post },
}));
exactly<Promise<string[]>>()(request({ url: '/v1/api/story/upload/multi', files: fileList }));
exactly<Promise<ApiResponse>>()(request({ url: '/v1/api/story/delete/mystory', data: { id: 'i' } }));
async function postLink(): Promise<string> {
  const link = await Kakao.API.request({ url: '/v1/api/story/linkinfo', data: { url: 'https://page.example/' } });
  const { id } = await Kakao.API.request({ url: '/v1/api/story/post/link', data: { link_info: link, ...post } });
  return id;
}
exactly<void>()(Kakao.API.cleanup());

/** The parameters that the addresses cannot do without; those that are not here take a call without data. */
exactly<{ [Path in ApiPath as {} extends ApiData<Path> ? never : Path]: Required<ApiData<Path>> }>()(null! as {
  '/v1/user/update_profile': 'properties';
  '/v2/user/revoke/scopes': 'scopes';
  '/v2/user/revoke/service_terms': 'tags';
  '/v2/user/upgrade/service_terms': 'tags';
  '/v2/api/talk/memo/send': 'template_id';
  '/v2/api/talk/memo/scrap/send': 'request_url';
  '/v2/api/talk/memo/default/send': 'template_object';
  '/v1/api/talk/friends/message/send': 'template_id' | 'receiver_uuids';
  '/v1/api/talk/friends/message/scrap/send': 'request_url' | 'receiver_uuids';
  '/v1/api/talk/friends/message/default/send': 'template_object' | 'receiver_uuids';
  '/v2/api/kakaolink/talk/template/validate': 'link_ver' | 'template_id';
  '/v2/api/kakaolink/talk/template/scrap': 'link_ver' | 'request_url';
  '/v2/api/kakaolink/talk/template/default': 'link_ver' | 'template_object';
  '/v2/api/talk/message/image/upload': 'file';
  '/v2/api/talk/message/image/scrap': 'image_url';
  '/v2/api/talk/message/image/delete': 'image_url';
  '/v1/api/story/mystory': 'id';
  '/v1/api/story/linkinfo': 'url';
  '/v1/api/story/post/note': 'content';
  '/v1/api/story/post/photo': 'image_url_list';
  '/v1/api/story/post/link': 'link_info';
  '/v1/api/story/delete/mystory': 'id';
});
type Required<Data> = { [Name in keyof Data]-?: {} extends Pick<Data, Name> ? never : Name }[keyof Data];

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
Kakao.API.request({ url: '/v1/user/ids' });
// @ts-expect-error: not one of the addresses, whatever the data
Kakao.API.request({ url: '/v1/user/ids', data: anyData });
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
// @ts-expect-error: an address that takes no files
Kakao.API.request({ url: '/v2/user/me', files: [] });
// @ts-expect-error: files are required
Kakao.API.request({ url: '/v1/api/story/upload/multi' });
// @ts-expect-error: files are a list
Kakao.API.request({ url: '/v1/api/story/upload/multi', files: file });
// @ts-expect-error: no such setting
Kakao.API.request({ url: '/v2/user/me', method: 'POST' });
// @ts-expect-error: template_id is a number
Kakao.API.request({ url: '/v2/api/talk/memo/send', data: { template_id: '1' } });
// @ts-expect-error: one of three letters
Kakao.API.request({ url: '/v1/api/story/post/note', data: { content: 'c', permission: 'X' } });
// @ts-expect-error: an explicit undefined is refused where there is no default
Kakao.API.request({ url: '/v1/api/talk/friends', data: { limit: undefined } });
request({ url: '/v1/api/talk/friends/message/send', data: { ...custom, receiver_uuids: [], receiver_id_type: undefined } });
// @ts-expect-error: a callback gets the answer of this address
Kakao.API.request({ url: '/v1/api/story/mystories', success: (stories: string) => stories });

// An address, or data, that the compiler does not know.
exactly<Promise<ApiResponse>>()(Kakao.API.request({ url: someString, data: { anything: 1 }, files: fileList }));
Kakao.API.request({ url: someString, success: (answer) => answer.kakao_account.email });
const written = { url: '/v2/user/me', data: { property_keys: ['kakao_account.email'] }, success(answer: any) { answer.id; } };
Kakao.API.request(written);
exactly<Promise<MemoResponse>>()(Kakao.API.request({ url: '/v2/api/talk/memo/send', data: anyData }));

// One of several addresses.
function either(url: '/v1/user/logout' | '/v1/user/unlink'): Promise<UserIdResponse> {
  return Kakao.API.request({ url });
}
function any<Path extends ApiPath>(settings: RequestSettings<Path>) {
  return Kakao.API.request(settings);
}
any({ url: '/v2/user/me', success: userOk });
exactly<UserResponse>()(null! as ApiAnswer<'/v2/user/me'>);
const files: Files[] = [fileList, [file], [new Blob()]];

// ----- errors

const authErrors: AuthError[] = [
  { error: 'access_denied', error_description: 'User denied access' },
  { error: 'popup_blocked' }, { error: 'popup_closed' }, { error: 'opener_policy' }, { error: 'popup_timeout' },
  { error: 'state_mismatch' }, { error: 'nonce_mismatch' }, { error: 'server_unavailable' },
  { error: 'login_required' }, { error: 'invalid_grant', error_code: 'KOE320' },
  { error: 'auto_login', error_description: 'd', error_code: '400', status: 'error' },
  { error: 'timeout', error_description: 'd', description: 'd' },
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
const unknownError: UnknownError = { code: -777, msg: 'Unknown error' };
// @ts-expect-error: a code is a number
const wrongApiError: ApiError = { code: '-401', msg: 'x' };
try {
  Kakao.Auth.login({});
} catch (thrown) {
  const error = thrown as KakaoError;
  const plain: Error = error;
  exactly<'KakaoError' | 'Error' | 'TypeError'>()(error.name);
  exactly<string | undefined>()(error.param);
  exactly<string | undefined>()(error.hint);
  if (error.code === 'unknown_parameter') plain.message;
  // @ts-expect-error: a code is a string
  if (error.code === 1) plain.message;
}

// ----- the page

exactly<Kakao>()(null! as KakaoWindow<{}>['Kakao']);
exactly<Published>()(window.Kakao);
exactly<((() => void) | undefined)>()(window.kakaoAsyncInit);
window.kakaoAsyncInit = () => Kakao.init('key', { idempotent: true });
window.addEventListener('kakao:token', ({ detail }) => {
  exactly<TokenEventDetail>()(detail);
  exactly<'set' | 'renewed' | 'removed'>()(detail.status);
  exactly<number | undefined>()(detail.expires_in);
  // @ts-expect-error: the event never holds the token
  detail.access_token;
});
window.addEventListener('kakao:login', ({ detail }) => {
  exactly<LoginEventDetail>()(detail);
  exactly<'popup' | 'redirect' | 'talk' | 'code'>()(detail.kind);
  exactly<'success' | 'fail'>()(detail.status);
  exactly<string | undefined>()(detail.error);
  // @ts-expect-error: the event never holds the token
  detail.access_token;
});
window.addEventListener('kakao:renew', (event) => exactly<Event>()(event));
window.dispatchEvent(new Event('kakao:renew'));

// ----- what @types/kakao-js-sdk lets a page write goes on compiling

const onSuccess = (auth: Kakao.Auth.AuthSuccessObject): void => console.log(auth.access_token, auth.refresh_token);
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
Kakao.Auth.loginForm(settings satisfies Kakao.Auth.LoginSettings);
Kakao.API.request({ url: '/v2/user/me', success: answered, fail: refused, always: ended });
Kakao.API.request({ url: '/v2/user/me', success: (response: any) => response.kakao_account.email });
Kakao.API.request({ url: '/v2/user/me', success: (response: Kakao.API.ApiResponse) => response.properties.nickname });
Kakao.API.request({ url: '/v2/user/me' }).then((response: Kakao.API.ApiResponse) => response.kakao_account.email);
Kakao.API.request({ url: '/v1/api/story/mystories' }).then((response: Kakao.API.ApiResponse) => response.length);
Kakao.Auth.getStatusInfo((info: Kakao.Auth.AuthStatusObject) => info.user?.anything.at.all);
Kakao.Auth.getStatusInfo(({ status, user }) => [status, user?.properties?.nickname]);
if (!Kakao.Auth.getAccessToken()) Kakao.Auth.setAccessToken(null, true);
Kakao.Auth.setRefreshToken();

// A page's own types of what it uses.
interface OwnToken { access_token: string; token_type: string; expires_in: number; scope: string; refresh_token: string }
interface OwnUser { id: number; kakao_account: { email: string } }
interface OwnStatus extends Kakao.Auth.AuthStatusObject { status: 'connected' }
interface OwnError { error: string; error_description: string }
Kakao.Auth.login({ success: (token: OwnToken) => token.scope, fail: (error: OwnError) => error.error_description });
Kakao.API.request({ url: '/v2/user/me', success: (user: OwnUser) => user.kakao_account.email });
const status: OwnStatus = { status: 'connected' };

// What their package calls these types where both are installed.
Kakao.Auth.login({
  success: (auth: globalThis.Kakao.Auth.AuthSuccessObject) => auth.refresh_token,
  fail: (error: globalThis.Kakao.Auth.AuthError) => error.error_description,
});
Kakao.Auth.getStatusInfo((info: globalThis.Kakao.Auth.AuthStatusObject) => info.user?.id);
Kakao.API.request({ url: '/v2/user/me', fail: (error: globalThis.Kakao.API.ApiError) => error.msg });

// Only null and undefined are told apart where @types/kakao-js-sdk does not, and only under
// strictNullChecks: the value may be missing, and the legacy page would have failed there.
// @ts-expect-error: null without a login
const token: string = Kakao.Auth.getAccessToken();
// @ts-expect-error: not every error has a description
Kakao.Auth.login({ fail: (error) => error.error_description.length });
// @ts-expect-error: not every login has a scope
Kakao.Auth.login({ success: (token: { scope: string }) => token });

// A script-tag page that declares the global variable as index.d.ts says: see types/page.d.ts.
exactly<Kakao>()(OurKakao);
OurKakao.init('key');
OurKakao.Auth.login({ success: (auth: OurKakao.Auth.AuthSuccessObject) => auth.access_token.length });
const answeredGlobally: OurKakao.API.RequestSuccessCallback = answered;

// ----- every function of @types/kakao-js-sdk: ours takes what theirs takes, and answers what theirs answers

type Published = typeof globalThis.Kakao;
type Fn = (...args: never) => unknown;

/** The names that a page may write in the settings. */
type Names<Settings> = Settings extends Fn | string | null | undefined ? never : keyof Settings;

/** What a page may pass, without the explicit undefined that the legacy SDK refused. */
type Given<Args> = { [I in keyof Args]: Args[I] extends Fn | string | boolean | null | undefined ? Args[I] : Defined<Args[I]> };
type Defined<Settings> = { [Name in keyof Settings]: Exclude<Settings[Name], undefined> };

type Replaces<Ours extends Fn, Theirs extends Fn> = {
  takes: Given<Parameters<Theirs>> extends Parameters<Ours> ? true : false;
  knows: Names<Parameters<Theirs>[0]> extends Names<Parameters<Ours>[0]> ? true : false;
  answers: ReturnType<Theirs> extends void ? true : [ReturnType<Ours>] extends [ReturnType<Theirs>] ? true : false;
};
type Replaced<Ours, Theirs> = {
  [Name in keyof Theirs as Theirs[Name] extends Fn ? Name : never]:
  Name extends keyof Ours ? Ours[Name] extends Fn ? Replaces<Ours[Name], Extract<Theirs[Name], Fn>> : never : never;
};
interface Yes { takes: true; knows: true; answers: true }
/** Under strictNullChecks: ours is null without a login, and after cleanup. */
interface Nullable { takes: true; knows: true; answers: false }

// Before init, Auth and API may be missing, and the compiler says so to who asks.
const early = Kakao as KakaoBeforeInit;
early.Auth?.getAccessToken();
// @ts-expect-error: Auth may be undefined
early.Auth.getAccessToken();

exactly<Replaced<Kakao, Published>>()(null! as { init: Yes; isInitialized: Yes; cleanup: Yes });
exactly<Replaced<KakaoAPI, Published['API']>>()(null! as { request: Yes; cleanup: Yes });
exactly<Replaced<KakaoAuth, Published['Auth']>>()(null! as {
  authorize: Yes; login: Yes; loginForm: Yes; createLoginButton: Yes; logout: Yes; getStatusInfo: Yes;
  setAccessToken: Yes; getRefreshToken: Yes; setRefreshToken: Yes; cleanup: Yes;
  getAccessToken: Nullable; getAppKey: Nullable;
});
