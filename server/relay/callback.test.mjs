// Tests of callback.js: node --test server/relay/
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test from 'node:test';
import vm from 'node:vm';

const script = readFileSync(new URL('callback.js', import.meta.url), 'utf8');
const OWN = 'https://app.example.com';
const SHOP = 'https://shop.example.com';
const LOCAL = 'http://localhost:3000';
const RANDOM = 'A'.repeat(43);

const encode = (text) => Buffer.from(text, 'utf8').toString('base64url');
const state = (flow, page) => `${flow}.${RANDOM}` + (page === undefined ? '' : `.${encode(page)}`);
const query = (params) => '?' + new URLSearchParams(params);

const ROUTES = ['', '/token', '/refresh', '/begin', '/logout', '/logout/account', '/callback', '/sdk/', '/auth', '/auth/'];
const BEGUN = '__Host-kakao_begin_x';
const word = (s) => ({ kakaowasm: 1, heard: 1, state: s });

// run executes the script in a window of its own and returns what it did, in
// order: at once, after the page's word that it has heard (heard: by 'channel' or
// by the window message that is given), and when it gives up (late).
function run({
  search, language = 'ko-KR', opener = true, saved = null, channels = true, cookie = '', returns = [], heard, late = false, locks,
}) {
  const did = [];
  const note = (what) => (...args) => did.push([what, ...args]);
  const elements = { title: {}, text: {}, origin: {}, back: { hidden: true } };
  const listeners = [];
  const timers = new Set();
  let gone = cookie;
  const root = {};
  const parent = { postMessage: note('postMessage') };
  const window = { opener: opener ? parent : null, close: note('close'), addEventListener: (_, hear) => listeners.push(hear) };
  const channelListeners = [];
  vm.runInNewContext(script, {
    window,
    navigator: { language, ...(locks && { locks: { query: () => ({ then: (found) => found({ held: locks.map((name) => ({ name })) }) }) } }) },
    document: {
      currentScript: { dataset: {
        origins: `${OWN} ${SHOP} ${LOCAL}`, hints: '{"KOE205":"Set it."}', routes: ROUTES.map((path) => '/kakao' + path).join(' '),
        returns: returns.join(' '), begun: BEGUN,
      } },
      documentElement: root,
      getElementById: (id) => elements[id],
      get cookie() { return gone; },
      set cookie(text) { did.push(['cookie', text]); gone = ''; },
    },
    location: { search, origin: OWN, protocol: 'https:', pathname: '/kakao/callback', replace: note('replace') },
    history: { replaceState: (_, __, url) => did.push(['replaceState', url]) },
    sessionStorage: { setItem: note('setItem'), getItem: (key) => (key.startsWith('kakaowasm:return:') ? saved : null) },
    BroadcastChannel: channels ? class {
      constructor(name) {
        this.name = name;
      }
      postMessage(message) {
        did.push(['broadcast', this.name, message]);
      }
      addEventListener(_, hear) {
        channelListeners.push(hear);
      }
      close() {}
    } : undefined,
    setInterval: (run) => { timers.add(run); return run; },
    clearInterval: (run) => timers.delete(run),
    setTimeout: (run) => { timers.add(run); return run; },
    clearTimeout: (run) => timers.delete(run),
    URL, URLSearchParams, TextDecoder, Uint8Array, atob,
  });
  if (heard?.channel) channelListeners.forEach((hear) => hear({ data: heard.channel }));
  if (heard?.message) listeners.forEach((hear) => hear({ source: parent, ...heard.message }));
  if (late) [...timers].at(-1)?.();
  assert.deepEqual(did.shift(), ['replaceState', '/kakao/callback'], 'the code leaves the address first');
  // Messages were made in the other realm; compare their JSON.
  return {
    did: JSON.parse(JSON.stringify(did)), text: elements.text.textContent, lang: root.lang, waits: timers.size > 0,
    back: elements.back.hidden ? null : elements.back.href, origin: elements.origin.textContent,
  };
}

/** What the cookie of a login holds that a page of another origin has begun. */
const begun = (page, random = RANDOM) => `other=1; ${BEGUN}_${random.slice(0, 8)}=${random}.${encode(page)}; more=2`;

test('popup: the result goes to the channel of its state, and the window closes when the page has heard', () => {
  const s = state('p', OWN);
  const told = [
    ['broadcast', `kakaowasm:${s}`, { kakaowasm: 1, state: s, code: 'c+/=' }],
    ['postMessage', { kakaowasm: 1, state: s, code: 'c+/=' }, OWN],
  ];
  const search = query({ code: 'c+/=', state: s });
  assert.deepEqual(run({ search }).did, told);
  for (const heard of [{ channel: word(s) }, { message: { data: word(s), origin: OWN } }]) {
    const { did, text, waits } = run({ search, heard });
    assert.deepEqual(did, [...told, ['close']]);
    assert.equal(text, '이 창을 닫으셔도 됩니다.');
    assert.equal(waits, false, 'a timer is left');
  }
});

test('popup: only the page itself can say that it has heard', () => {
  const s = state('p', SHOP);
  for (const heard of [
    { message: { data: word(s), origin: 'https://evil.example' } }, { message: { data: word(s), origin: SHOP, source: {} } },
    { message: { data: word(state('p', OWN)), origin: SHOP } }, { message: { data: { kakaowasm: 1, state: s, code: 'c' }, origin: SHOP } },
    { message: { data: null, origin: SHOP } }, { channel: { kakaowasm: 1, state: s, code: 'c' } },
  ]) {
    const { did, waits } = run({ search: query({ code: 'c', state: s }), heard });
    assert.ok(!did.some(([what]) => what === 'close'), JSON.stringify(heard));
    assert.ok(waits);
  }
});

test('popup: where nobody hears, the login ends in this window, if its page has left its address here', () => {
  const s = state('p', OWN);
  const search = query({ code: 'c', state: s });
  const { did, waits } = run({ search, saved: `${OWN}/shop#x`, opener: false, late: true });
  assert.deepEqual(did.slice(1), [['setItem', `kakaowasm:result:${s}`, JSON.stringify({ kakaowasm: 1, state: s, code: 'c' })], ['replace', `${OWN}/shop#x`]]);
  assert.equal(waits, false);
  const other = state('p', SHOP);
  const elsewhere = run({ search: query({ code: 'c', state: other }), cookie: begun(`${SHOP}/cart`), late: true });
  assert.ok(elsewhere.did.at(-1)[1].startsWith(`${SHOP}/cart#kakaowasm=`), JSON.stringify(elsewhere.did));
});

test('popup: a page that is there and busy is waited for', () => {
  const s = state('p', OWN);
  const given = { search: query({ code: 'c', state: s }), saved: `${OWN}/shop`, late: true };
  const busy = run({ ...given, locks: [`kakaowasm:login:${s}`] });
  assert.ok(busy.waits && !busy.did.some(([what]) => what === 'replace'), JSON.stringify(busy.did));
  assert.deepEqual(run({ ...given, locks: ['kakaowasm:login:p.another'] }).did.at(-1), ['replace', `${OWN}/shop`]);
});

test('popup: where nobody hears and there is no record, the user gets a way back', () => {
  for (const [page, back] of [[OWN, `${OWN}/`], [SHOP, `${SHOP}/`], [undefined, `${OWN}/`]]) {
    const found = run({ search: query({ code: 'c', state: state('p', page) }), late: true, language: 'en' });
    assert.ok(!found.did.some(([what]) => what === 'replace' || what === 'close'), JSON.stringify(found.did));
    assert.match(found.text, /does not answer/);
    assert.equal(found.back, back);
  }
});

test('popup: an error is passed on with what Kakao said', () => {
  const s = state('p');
  const { did } = run({ search: query({ error: 'access_denied', error_description: 'User denied', error_code: 'KOE1', state: s, code: 'x' }) });
  assert.deepEqual(did[0][2], { kakaowasm: 1, state: s, error: 'access_denied', error_description: 'User denied', error_code: 'KOE1' });
});

test('popup: an error that the server knows gets its hint, and none from the address', () => {
  const s = state('p');
  const told = (more) => run({ search: query({ error: 'e', state: s, hint: 'mine', ...more }) }).did[0][2];
  assert.deepEqual(told({ error_code: 'KOE205' }), { kakaowasm: 1, state: s, error: 'e', error_code: 'KOE205', hint: 'Set it.' });
  for (const more of [{}, { error_code: 'KOE1' }, { error_code: '__proto__' }, { error_code: 'constructor' }]) {
    assert.deepEqual(told(more), { kakaowasm: 1, state: s, error: 'e', ...more });
  }
});

test('rule 5: a page on another allowed origin gets a message for that origin only', () => {
  const s = state('p', SHOP);
  const { did } = run({ search: query({ code: 'c', state: s }) });
  assert.deepEqual(did[1], ['postMessage', { kakaowasm: 1, state: s, code: 'c' }, SHOP]);
});

test('rule 5: no opener, no message', () => {
  const { did } = run({ search: query({ code: 'c', state: state('p', SHOP) }), opener: false });
  assert.deepEqual(did.map(([what]) => what), ['broadcast']);
});

test('popup: a browser without channels still gets its message, and the window closes', () => {
  const s = state('p', OWN);
  const { did } = run({ search: query({ code: 'c', state: s }), channels: false, heard: { message: { data: word(s), origin: OWN } } });
  assert.deepEqual(did.map(([what]) => what), ['postMessage', 'close']);
});

test('rule 5: no origin but the allowed ones gets a message', () => {
  for (const page of [...HOSTILE, '*', '/', 'null', '']) {
    const { did } = run({ search: query({ code: 'c', state: state('p', page) }) });
    for (const [what, , target] of did) {
      if (what === 'postMessage') assert.ok([SHOP, LOCAL].includes(target), `${page} got a message for ${target}`);
    }
    assert.ok(!did.some(([what]) => what === 'postMessage'), `${page} got a message`);
  }
});

test('popup: a page that is not allowed is told to a person, in a window that stays open', () => {
  const search = query({ code: 'c', state: state('p', 'https://evil.example') });
  const korean = run({ search });
  assert.deepEqual(korean.did, []);
  assert.match(korean.text, /허용되지 않았습니다.*--allowed-origin/);
  const english = run({ search, language: 'en-US' });
  assert.deepEqual(english.did, []);
  assert.match(english.text, /not allowed.*--allowed-origin/);
  assert.equal(english.origin, 'https://evil.example');
  assert.equal(english.back, null);
});

test('redirect: on the same origin the result waits in the session storage', () => {
  const s = state('r', `${OWN}/shop/한글?x=1#part`);
  const { did, text } = run({ search: query({ code: 'c', state: s }), language: 'en-US', saved: `${OWN}/shop/한글?x=1#part` });
  assert.deepEqual(did, [
    ['setItem', `kakaowasm:result:${s}`, JSON.stringify({ kakaowasm: 1, state: s, code: 'c' })],
    ['replace', `${OWN}/shop/%ED%95%9C%EA%B8%80?x=1#part`],
  ]);
  assert.equal(text, 'Finishing the login…');
});

test('redirect: the address is the one that the page has left in this tab, and none of another origin', () => {
  const search = query({ code: 'c', state: state('r', `${OWN}/`) });
  assert.deepEqual(run({ search, saved: `${OWN}/deep?x=1#part` }).did[1], ['replace', `${OWN}/deep?x=1#part`]);
  for (const saved of [...HOSTILE, null, SHOP]) {
    const { did, back } = run({ search, saved });
    assert.deepEqual(did, [], `${saved} was believed`);
    assert.equal(back, `${OWN}/`);
  }
});

test('a login that this browser has not begun leads nowhere', () => {
  for (const page of [`${OWN}/`, `${OWN}/kakao/logout/account`, `${SHOP}/cart`, LOCAL]) {
    for (const s of [state('r', page), `r.${'A'.repeat(24)}.${encode(page)}`]) {
      for (const cookie of ['', begun(page, 'B'.repeat(43)), begun('https://evil.example/'), `${BEGUN}_AAAAAAAA=${RANDOM}`]) {
        const { did, text, back } = run({ search: query({ code: 'x', state: s }), cookie, language: 'en' });
        assert.deepEqual(did.filter(([what]) => what !== 'cookie'), [], `${page} ${cookie}`);
        assert.match(text, /has not begun/);
        assert.equal(back, `${new URL(page).origin}/`);
      }
    }
  }
});

test('no address leads to a route of the token server', () => {
  const search = query({ code: 'c', state: state('r', `${OWN}/`) });
  for (const path of ['/kakao/logout/account', '/kakao/logout/account?return_to=/', '/kakao/%6cogout/account', '/kakao/sdk/x.js', '/kakao/%', '/x/../kakao/logout/account']) {
    assert.deepEqual(run({ search, saved: OWN + path }).did, [], path);
  }
  for (const path of ['/kakao/loggedin', '/kakao/', '/kakaotalk', '/sdk/']) {
    assert.equal(run({ search, saved: OWN + path }).did.length, 2, path);
  }
});

test('redirect: another allowed origin that has noted its login finds the result in the fragment, once', () => {
  const s = state('r', `${LOCAL}/page?x=1#old`);
  const { did } = run({ search: query({ error: 'access_denied', state: s }), cookie: begun(`${LOCAL}/noted?x=1#old`) });
  assert.deepEqual(did[0], ['cookie', `${BEGUN}_AAAAAAAA=; Max-Age=0; Path=/; Secure`]);
  const [what, target] = did[1];
  assert.equal(what, 'replace');
  assert.ok(target.startsWith(`${LOCAL}/noted?x=1#kakaowasm=`), target);
  assert.deepEqual(JSON.parse(decodeURIComponent(target.split('#kakaowasm=')[1])), { kakaowasm: 1, state: s, error: 'access_denied' });
});

test('redirect: the address that the configuration names serves an origin without a note', () => {
  const returns = [`${LOCAL}.evil.example/`, `${SHOP}/login`];
  const { did } = run({ search: query({ code: 'c', state: state('r', `${SHOP}/cart`) }), returns });
  assert.ok(did[0][1].startsWith(`${SHOP}/login#kakaowasm=`), JSON.stringify(did));
  assert.deepEqual(run({ search: query({ code: 'c', state: state('r', `${LOCAL}/cart`) }), returns }).did, []);
});

const HOSTILE = [
  '//evil.example', '///evil.example', '\\\\evil.example', '/\\evil.example', '/relative', 'relative', '?x', '#x', ' ',
  'javascript:alert(1)', 'JavaScript:alert(1)', '\tjava\nscript:alert(1)', 'javascript://app.example.com/%0aalert(1)',
  'data:text/html,<script>alert(1)</script>', 'blob:https://app.example.com/1', 'vbscript:x', 'file:///etc/passwd',
  'ftp://app.example.com/', 'about:blank', 'ws://app.example.com', 'view-source:https://app.example.com',
  'https://evil.example', 'https:evil.example', 'https:/evil.example', 'https:\\\\evil.example', 'https:///evil.example',
  'https://app.example.com.evil.example', 'https://app.example.com@evil.example', 'https://app.example.com:x@evil.example/',
  'https://user@app.example.com', 'https://user:pass@shop.example.com/', 'https://:@evil.example',
  'https://evil.example\\@app.example.com', 'https://evil.example#@app.example.com', 'https://evil.example?@app.example.com',
  'https://evil.example/https://app.example.com', 'https://app.example.com%2eevil.example', 'https://app.example.com%00.evil.example',
  'https://app.example.com\u0000.evil.example', 'https://app.example.com\t.evil.example', 'https://app.example.com\n@evil.example',
  'https://app.example.com。evil.example', 'https://app.example.com/.evil.example/../..//evil.example'.replace('app.', 'evil.'),
  'http://app.example.com', 'https://app.example.com:8443', 'https://app.example.com.', 'https://xapp.example.com', 'https://example.com',
  'https://app.example.com:443@evil.example', 'https://аpp.example.com', 'http://localhost', 'http://localhost:3001', 'https://localhost:3000',
  'http://localhost:3000@evil.example', 'http://127.0.0.1:3000', 'http://[::1]:3000', '*', 'null', 'undefined', '',
];

test('rule 6: the relay never leads out of the allow-list', () => {
  for (const page of HOSTILE) {
    const { did, back } = run({ search: query({ code: 'c', state: state('r', page) }), cookie: begun(page) });
    assert.deepEqual(did.filter(([what]) => what !== 'cookie'), [], `${JSON.stringify(page)} led to ${JSON.stringify(did)}`);
    assert.ok(back === null || back === `${OWN}/`, `${JSON.stringify(page)}: ${back}`);
  }
});

// The corpus that the server's own addresses are tested with, see hostile_test.go.
const CORPUS = JSON.parse(readFileSync(new URL('../testdata/hostile.json', import.meta.url), 'utf8'));

function originOf(address) {
  try {
    return new URL(address, CORPUS.good).origin;
  } catch {
    return undefined;
  }
}

test('the corpus: hostile addresses lead elsewhere or nowhere, altered ones do not', () => {
  assert.deepEqual(CORPUS.hostile.filter((address) => originOf(address) === OWN), []);
  assert.deepEqual(CORPUS.altered.filter((address) => ![OWN, undefined].includes(originOf(address))), []);
});

test('rule 6: the relay leads to none of the hostile addresses, and tells none of them', () => {
  for (const page of CORPUS.hostile) {
    for (const flow of ['r', 'p']) {
      const { did } = run({ search: query({ code: 'c', state: state(flow, page) }) });
      const left = did.filter(([what]) => what === 'replace' || what === 'postMessage'); // a channel stays on this origin
      assert.deepEqual(left, [], `${flow} ${JSON.stringify(page)} led to ${JSON.stringify(did)}`);
    }
    const { did } = run({ search: query({ code: 'c', state: state('r', OWN) }), saved: page });
    assert.deepEqual(did, [], `a saved ${JSON.stringify(page)} led to ${JSON.stringify(did)}`);
  }
});

// Pieces of queries, put together at random; the same ones in every run.
test('rule 6: no query leads out of the allow-list, however it is put together', () => {
  let seed = 20261121;
  const below = (n) => {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    return Math.floor((seed / 2 ** 32) * n);
  };
  const one = (list) => list[below(list.length)];
  const addresses = [...CORPUS.hostile, ...CORPUS.altered, OWN, SHOP, LOCAL];
  const pieces = [
    () => `state=${one(['p', 'r', 'x', ''])}.${one([RANDOM, 'short', '%00'])}.${encode(one(addresses))}`,
    () => `state=${state(one(['p', 'r']), one(addresses))}`,
    () => `code=${one(['c', '', '%ff', '<svg>'])}`,
    () => `error=${one(['access_denied', '', 'javascript:alert(1)'])}&error_code=${one(['KOE205', '__proto__', 'constructor'])}`,
    () => `redirect_uri=${encodeURIComponent(one(addresses))}`,
    () => one(['&', '&&', '=', '#', '?', '%', '%e3%80', ';', '+', '\u0000', '__proto__=x']),
  ];
  for (let i = 0; i < 3000; i++) {
    const search = '?' + Array.from({ length: 1 + below(6) }, () => one(pieces)()).join('&');
    const { did } = run({
      search, opener: below(2) === 1, saved: below(2) === 1 ? one(addresses) : null, late: below(2) === 1,
      cookie: below(2) === 1 ? begun(one(addresses)) : '',
    });
    for (const [what, first, second] of did) {
      if (what === 'replace') assert.ok([OWN, SHOP, LOCAL].includes(new URL(first).origin), `${search} led to ${first}`);
      if (what === 'postMessage') assert.ok([OWN, SHOP, LOCAL].includes(second), `${search} told ${second}`);
    }
  }
});

test('rule 6: what the browser makes of an odd address is what counts', () => {
  for (const [page, target] of [
    [`${OWN}\\..\\x`, `${OWN}/x`],
    ['HTTPS://APP.EXAMPLE.COM:443/x', `${OWN}/x`],
    ['https:\\\\app.example.com/x', `${OWN}/x`],
    [`${OWN}//evil.example`, `${OWN}//evil.example`],
  ]) {
    const { did } = run({ search: query({ code: 'c', state: state('r', OWN) }), saved: page });
    assert.deepEqual(did.at(-1), ['replace', target]);
  }
});

test('rule 2: a state that the SDK cannot have made is told to a person and sent nowhere', () => {
  const good = state('p', OWN);
  for (const search of [
    '', '?', query({ code: 'c' }), query({ state: good }), query({ code: '', state: good }), query({ error: '', state: good }),
    query({ code: 'c', state: '' }), query({ code: 'c', state: 'p' }), query({ code: 'c', state: 'p.short' }),
    query({ code: 'c', state: `x.${RANDOM}` }), query({ code: 'c', state: `pr.${RANDOM}` }), query({ code: 'c', state: `p.${RANDOM}.a.b` }),
    query({ code: 'c', state: `p.${RANDOM}=.` }), query({ code: 'c', state: `p.${RANDOM}.<svg onload=x>` }), query({ code: 'c', state: ` ${good}` }),
    query({ code: 'c', state: `${good}\n` }), query([['code', 'c'], ['code', 'd'], ['state', good]]), query([['code', 'c'], ['state', good], ['state', good]]),
  ]) {
    const { did, text, lang } = run({ search, language: 'en' });
    assert.deepEqual(did, [], `${search} led to ${JSON.stringify(did)}`);
    assert.equal(lang, 'en');
    assert.match(text, /cannot be read/);
  }
});

test('rule 2: a redirect state without a page to return to goes nowhere', () => {
  for (const s of [`r.${RANDOM}`, `r.${RANDOM}.`, `r.${RANDOM}._`, `r.${RANDOM}.${Buffer.from([0xff, 0xfe]).toString('base64url')}`]) {
    const { did } = run({ search: query({ code: 'c', state: s }) });
    assert.deepEqual(did, [], s);
  }
});
