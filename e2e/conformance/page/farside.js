// What answers the requests of a page: kapi, the address that is polled for a code, and the token
// server.

const TOKEN = {
  access_token: 'at-1', token_type: 'bearer', expires_in: 21599, scope: 'account_email', refresh_token_expires_in: 5183999,
};

const NOT_YET = { status: 'error', error_code: '300' };

/**
 * @param {object} script what the case says about the answers
 * @param {object} log where the requests are recorded
 * @returns {(request: object) => {status: number, text?: string} | {abort: true}}
 */
export function newFarSide({ api = [], poll, codes, token }, log) {
  const polled = poll ?? codes ?? [];

  function answerAPI({ method, url, headers, text, fields, files }) {
    log.api.push({ method, path: url.pathname, query: url.search, headers, text, fields, files });
    return api[log.api.length - 1] ?? { status: 200, json: { ok: true } };
  }

  /** In turn; the last answer is given again and again. */
  function answerPoll({ method, url }) {
    const answered = polled[Math.min(log.polls.length, polled.length - 1)] ?? NOT_YET;
    log.polls.push({ method, url: url.href, answered });
    return 'abort' in answered || 'text' in answered ? answered : { json: answered };
  }

  const routes = {
    'https://kauth.kakao.com/apiweb/code.json': answerPoll,
    'https://app.example.test/': () => ({ text: '' }), // the page looks at its own headers
    'https://app.example.test/kakao/token': () => (token ? { status: 400, json: token } : { json: TOKEN }),
    'https://app.example.test/kakao/refresh': () => ({ status: 401, json: { error: 'login_required' } }),
    'https://app.example.test/kakao/session': () => ({ json: { authenticated: false } }), // looks whether there is a token server
    'https://app.example.test/kakao/logout': () => ({ status: 204 }),
  };

  function unknown({ method, url }) {
    log.requests.push(`${method} ${url.href}`);
    return { abort: true };
  }

  return function answer(request) {
    const url = new URL(request.url);
    const route = url.host === 'kapi.kakao.com' ? answerAPI : routes[url.origin + url.pathname] ?? unknown;
    const { status = 200, json, text, abort } = route({ ...request, url });
    return { status, abort, text: json === undefined ? text : JSON.stringify(json) };
  };
}
