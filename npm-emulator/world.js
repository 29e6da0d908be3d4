// One Kakao platform, by the calls of its console.

import { isDeepStrictEqual } from 'node:util';

/** What the emulator refused, or could not do. */
export class EmulatorError extends Error {
  /**
   * @param {string} message
   * @param {{status?: number, mistakes?: Array<{place?: string, problem: string}>, cause?: unknown}} [about]
   */
  constructor(message, { status, mistakes = [], cause } = {}) {
    const lines = mistakes.map(({ place, problem }) => `  ${place ? `${place}: ` : ''}${problem}`);
    super([message, ...lines].join('\n'), { cause });
    this.name = 'EmulatorError';
    this.status = status;
    this.mistakes = mistakes;
  }
}

/** @returns {import('./index.js').World} */
export function connect(origin, name) {
  const url = origin.replace(/\/+$/, '');
  const request = (method, path, body) => ask(`${url}/console/api/${path}`, method, body);
  const world = {
    name, url, request,
    users: collection(request, 'users'),
    apps: collection(request, 'apps'),
    clock: {
      now: async () => new Date((await request('GET', 'clock')).now),
      advance: (span) => request('POST', 'clock', { advance: span }),
      set: (time) => request('POST', 'clock', { set: new Date(time).toISOString() }),
      stop: () => request('POST', 'clock', { stopped: true }),
      resume: () => request('POST', 'clock', { stopped: false }),
    },
    faults: {
      inject: (fault) => request('POST', 'faults', fault),
      list: () => request('GET', 'faults'),
      remove: (id) => request('DELETE', `faults/${id}`),
      clear: () => request('DELETE', 'faults'),
    },
    snapshots: {
      save: (snapshot) => request('POST', 'snapshots', { name: snapshot }),
      restore: (snapshot) => request('POST', `snapshots/${encodeURIComponent(snapshot)}/restore`),
      list: () => request('GET', 'snapshots'),
    },
    fault: (path, effect = {}) => request('POST', 'faults', { path, ...effect }),
    reset: () => request('POST', 'reset'),
    load: (seed) => request('PUT', 'state', seed),
    export: () => request('GET', 'state'),
    logInAs: async (user) => request('PUT', 'auto-login', { user: await numberOf(world, user) }),
    showPages: () => request('PUT', 'auto-login', { user: 0 }),
    allowRedirect: (...uris) => allowRedirect(world, uris),
    calls: (path) => calls(request, path),
    assertCalled: (path, expected = {}) => assertCalled(request, path, expected),
    messages: () => request('GET', 'messages'),
    webhooks: () => request('GET', 'webhooks'),
    env: () => env(world),
  };
  return world;
}

/** Asks the console. Its error becomes an EmulatorError that names every mistake. */
async function ask(address, method, body) {
  let response;
  try {
    response = await fetch(address, { method, ...(body !== undefined && { body: JSON.stringify(body), headers: { 'Content-Type': 'application/json' } }) });
  } catch (error) {
    throw new EmulatorError(`the emulator at ${new URL(address).origin} does not answer: is it running?`, { cause: error });
  }
  if (response.status === 204) return undefined;
  const text = await response.text();
  let answer;
  try {
    answer = JSON.parse(text);
  } catch (error) {
    throw new EmulatorError(`${method} ${address}: not the answer of an emulator (status ${response.status})`, { status: response.status, cause: error });
  }
  if (!response.ok) throw new EmulatorError(`${method} ${new URL(address).pathname}: ${answer.error}`, { status: response.status, mistakes: answer.mistakes });
  return answer;
}

const collection = (request, name) => ({
  list: () => request('GET', name),
  get: (id) => request('GET', `${name}/${id}`),
  add: (value) => request('POST', name, value),
  change: (id, changes) => request('PATCH', `${name}/${id}`, changes),
  remove: (id) => request('DELETE', `${name}/${id}`),
});

/** The number of an account that is named by its number, e-mail address or nickname. */
async function numberOf(world, user) {
  if (typeof user === 'number') return user;
  if (typeof user === 'object' && user !== null) return user.id;
  const users = await world.users.list();
  const found = users.find(({ email, nickname }) => user === email || user === nickname);
  if (found) return found.id;
  const known = users.map(({ email, nickname }) => email ?? nickname).join(', ');
  throw new EmulatorError(`there is no user ${JSON.stringify(user)}; there are ${known || 'none'}`);
}

async function allowRedirect(world, uris) {
  const [app] = await world.apps.list();
  if (!app) throw new EmulatorError('there is no app whose redirect URIs could be registered; add one');
  await world.apps.change(app.id, { redirect_uris: [...new Set([...(app.redirect_uris ?? []), ...uris])] });
}

const calls = (request, path = '') => request('GET', `calls?path=${encodeURIComponent(path)}`);

/** Whether a call sent what was expected: every member of query and form, and the status. */
function matches(call, { query = {}, form = {}, status, method }) {
  const holds = (values = {}, wanted) => Object.entries(wanted).every(([name, value]) => isDeepStrictEqual(values[name], String(value)));
  return holds(call.query, query) && holds(call.form, form) && (status === undefined || call.status === status) && (method === undefined || call.method === method);
}

async function assertCalled(request, path, { times, ...expected }) {
  const all = (await calls(request, path)).filter(({ method }) => method !== 'OPTIONS');
  const found = all.filter((call) => matches(call, expected));
  if (times === undefined ? found.length > 0 : found.length === times) return found;
  const wanted = times === undefined ? 'at least once' : `${times} times`;
  const seen = all.map(({ method, status, query, form }) => `  ${method} -> ${status} ${JSON.stringify({ ...query, ...form })}`);
  throw new EmulatorError([`expected ${path} to be called ${wanted}${Object.keys(expected).length ? ` with ${JSON.stringify(expected)}` : ''}, it was ${found.length} times; all calls of it:`, ...(seen.length ? seen : ['  none'])].join('\n'));
}

/** The last refusals as lines; empty if there are none. Reporters print the first 300 characters. */
export const refusals = (calls) => calls.filter(({ status, error }) => status === 0 || error).slice(-5)
  .map(({ method, path, status, error = '' }) => `${method} ${path} -> ${status || 'dropped'} ${error}`.trimEnd()).join('\n');

/** What an app under test needs: addresses and the first app's keys. */
async function env({ url, apps }) {
  const [app] = await apps.list();
  return {
    KAKAO_AUTH_ORIGIN: url, KAKAO_API_ORIGIN: url,
    ...(app && { KAKAO_REST_API_KEY: app.rest_api_key, KAKAO_JAVASCRIPT_KEY: app.javascript_key }),
    ...(app?.client_secret && !app.client_secret_off && { KAKAO_CLIENT_SECRET: app.client_secret }),
  };
}
