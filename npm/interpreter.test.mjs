// The order in which commands are carried out, and what the page's code may do inside them: the interpreter against
// a machine of the test's own.

import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { newInterpreter } from './interpreter.js';

/** What happened, in its order. */
let log;

/** The commands that follow from an event of a type. */
let machine;

/** Calls Go for the page. */
let call;

function storage() {
  const kept = new Map();
  return {
    getItem: (key) => kept.get(key) ?? null,
    setItem: (key, text) => { log.push(`setItem ${key}`); kept.set(key, text); },
    removeItem: (key) => { kept.delete(key); },
  };
}

beforeEach(() => {
  log = [];
  machine = {};
  const page = Object.assign(new EventTarget(), {
    localStorage: storage(), sessionStorage: storage(), open: () => { log.push('open'); return { close() {}, closed: false }; },
  });
  Object.assign(globalThis, {
    window: page, localStorage: page.localStorage, location: { href: 'https://a.test/' }, document: { hasFocus: () => true },
    fetch: async () => { log.push('fetch'); return new Response('{}'); },
  });
  Object.defineProperty(globalThis, 'navigator', { value: {}, configurable: true }); // without locks
  let inside = 0;
  call = newInterpreter(([type, flow, number], data) => {
    assert.equal(inside++, 0, 'Go is called while it runs');
    const commands = machine[type]?.({ flow, number, data }) ?? [];
    log.push(`${type} ${flow}.${number}`);
    inside--;
    return commands;
  });
});

const command = (what, flow, number, ...data) => ({ what, flow, number, data });
const save = (key, number = 0) => command('save', 1, number, 'area', 'localStorage', 'key', key, 'text', key);

test('commands run after Go has returned, in their order', () => {
  machine.login = () => [save('a'), command('open', 1, 2, 'address', '', 'name', '', 'features', ''), save('b')];
  call('login');
  assert.deepEqual(log, ['login 0.0', 'setItem a', 'open', 'opened 1.2', 'setItem b']);
});

test('a call from inside a command is handled at once, its commands before the rest of the outer ones', () => {
  window.open = () => { log.push('open'); call('inner'); return null; };
  machine.login = () => [command('open', 1, 2, 'address', '', 'name', '', 'features', ''), save('outer')];
  machine.inner = () => [save('inner')];
  call('login');
  assert.deepEqual(log, ['login 0.0', 'open', 'inner 0.0', 'setItem inner', 'blocked 1.2', 'setItem outer']);
});

test('a command that throws becomes an event with its numbers, and skips none of the others', () => {
  const throws = () => { throw new Error('the page replaced it'); };
  localStorage.setItem = throws;
  globalThis.fetch = throws;
  machine.login = () => [
    save('a', 3), save('b'), command('fetch', 4, 5, 'as', 'api', 'url', '/', 'method', 'GET'),
    command('parse', 6, 7, 'text', '{'), command('announce', 0, 0, 'status', 'set'),
  ];
  window.addEventListener('kakao:token', () => log.push('announced'));
  call('login');
  assert.deepEqual(log, ['login 0.0', 'failed 1.3', 'failed 4.5', 'failed 6.7', 'announced']);
});

test('outcomes carry the numbers of flow and command', async () => {
  machine.login = () => [
    command('fetch', 8, 9, 'as', 'api', 'url', '/', 'method', 'GET'), command('timer', 8, 10, 'ms', '0'),
    command('parse', 8, 11, 'text', '{}'), command('lock', 8, 12, 'name', 'a lock'),
  ];
  const seen = Promise.all(['answer', 'timer', 'locked'].map((type) => new Promise((heard) => { machine[type] = () => void heard(); })));
  call('login');
  await seen;
  assert.deepEqual(log.slice(0, 3), ['login 0.0', 'fetch', 'parsed 8.11']);
  assert.deepEqual(log.slice(3).sort(), ['answer 8.9', 'locked 8.12', 'timer 8.10']);
});

test('a timer that was cancelled by a call from inside an earlier command never runs', async () => {
  window.addEventListener('kakao:token', () => call('cleanup'));
  machine.login = () => [command('announce', 0, 0, 'status', 'set'), command('timer', 1, 2, 'ms', '0'), command('timer', 1, 3, 'ms', '1')];
  machine.cleanup = () => [command('cancel', 0, 0, 'timer', '2')];
  const later = new Promise((heard) => { machine.timer = () => void heard(); });
  call('login');
  await later;
  assert.deepEqual(log, ['login 0.0', 'cleanup 0.0', 'timer 1.3']);
});

test('a call ends in its own task only if it may, and otherwise as a microtask', async () => {
  const ends = [];
  const outcome = (name) => ({ settle: (ok, answer) => ends.push([name, ok, answer]) });
  machine.status = ({ number }) => [command('settle', 0, 0, 'call', String(number), 'ok', '1', 'answer', 'true')];
  call('status', [], { outcome: outcome('at once'), atOnce: true });
  call('status', [], { outcome: outcome('later') });
  assert.deepEqual(ends, [['at once', true, true]]);
  await undefined;
  assert.deepEqual(ends.at(-1), ['later', true, true]);
});

test('a call ends once, whatever the commands say', async () => {
  const ends = [];
  machine.status = ({ number }) => ['1', ''].map((ok) => command('settle', 0, 0, 'call', String(number), 'ok', ok, 'answer', 'true'));
  call('status', [], { outcome: { settle: (ok) => ends.push(ok) } });
  await undefined;
  assert.deepEqual(ends, [true]);
});

test('an error that Go throws reaches the caller, and its call is forgotten', () => {
  machine.login = ({ number }) => [
    command('throw', 0, 0, 'message', 'no', 'code', 'illegal_parameter', 'param', '', 'hint', 'pass something'),
    command('settle', 0, 0, 'call', String(number), 'ok', '1'), save('still'),
  ];
  assert.throws(() => call('login', [], { outcome: { settle() {} } }), { name: 'KakaoError', message: 'no', code: 'illegal_parameter' });
  assert.equal(log.at(-1), 'setItem still');
});

test("the address window's word closed, which is no JSON, reaches Go with its origin; other texts do not", () => {
  machine.address = () => [
    command('open', 1, 2, 'address', '', 'name', '', 'features', ''), command('listen', 1, 0, 'window', '2', 'channel', '', 'as', 'address'),
  ];
  const heard = [];
  machine.heard = ({ data }) => { heard.push(data.slice(0, 4).map(String)); return []; };
  call('address');
  for (const data of ['closed', 'Closed', '{"address_id":1}', 'null']) {
    window.dispatchEvent(Object.assign(new globalThis.Event('message'), { data, origin: 'https://apps.kakao.com' }));
  }
  assert.deepEqual(heard, [
    ['origin', 'https://apps.kakao.com', 'closed', '1'], ['origin', 'https://apps.kakao.com', 'closed', ''],
  ]);
});
