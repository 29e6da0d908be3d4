// The stand-ins for TextEncoder and TextDecoder against those of Node.js.

import assert from 'node:assert/strict';
import { test } from 'node:test';

const real = { TextEncoder: globalThis.TextEncoder, TextDecoder: globalThis.TextDecoder };

/** What a page gets that has neither. */
async function standIns() {
  const { textCoding } = await import('./textcoding.js');
  Object.assign(globalThis, { TextEncoder: undefined, TextDecoder: undefined });
  try {
    return textCoding();
  } finally {
    Object.assign(globalThis, real);
  }
}

test('a page that has both gets its own', async () => {
  const { textCoding } = await import('./textcoding.js');
  assert.deepEqual(textCoding(), real);
});

test('a page without gets what writes and reads the same', async () => {
  const { TextEncoder, TextDecoder } = await standIns();
  assert.notEqual(TextEncoder, real.TextEncoder);
  for (const text of ['', 'ascii', '카카오 로그인', '💬', 'half \ud83d of a pair', '\0\x7f\u0080\u07ff\u0800\uffff']) {
    const bytes = new real.TextEncoder().encode(text);
    assert.deepEqual([...new TextEncoder().encode(text)], [...bytes], JSON.stringify(text));
    const room = new Uint8Array(3 * text.length);
    assert.equal(new TextEncoder().encodeInto(text, room).written, bytes.length);
    assert.deepEqual([...room.subarray(0, bytes.length)], [...bytes]);
    const view = new DataView(Uint8Array.of(0xff, ...bytes, 0xff).buffer, 1, bytes.length);
    assert.equal(new TextDecoder().decode(view), new real.TextDecoder().decode(bytes));
  }
});

test('a page whose TextEncoder cannot encode into memory gets one that can', async () => {
  const { textCoding } = await import('./textcoding.js');
  globalThis.TextEncoder = class { encode() {} };
  try {
    assert.equal(new (textCoding().TextEncoder)().encodeInto('카', new Uint8Array(3)).written, 3);
  } finally {
    Object.assign(globalThis, real);
  }
});

test('what is no UTF-8 is refused', async () => {
  const { TextDecoder } = await standIns();
  assert.throws(() => new TextDecoder().decode(Uint8Array.of(0xff)));
});
