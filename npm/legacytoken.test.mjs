// Tests of what reads the legacy SDK's token, against Node's ciphers and the published vectors.

import assert from 'node:assert/strict';
import { createCipheriv, createHash } from 'node:crypto';
import { afterEach, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { aes256, legacyTokenKey, md5, readLegacyToken } from './legacytoken.js';

const APP_KEY = '0123456789abcdef0123456789abcdef';
const TOKEN = 'xDyO3Sn8nnkPVw-mgRsoM91oHZ7FaZtg';

const digest = (...parts) => createHash('md5').update(Buffer.concat(parts)).digest();
const hex = (bytes) => Buffer.from(bytes).toString('hex');
const fromHex = (text) => [...Buffer.from(text, 'hex')];

/** A fixed salt, so that no run is lucky with a wrong passphrase. */
const SALT = Buffer.from('fedcba9876543210', 'hex');

/** Encrypts as the legacy SDK did. */
function encrypt(plain, passphrase, { salt = SALT, padded = true } = {}) {
  const secret = Buffer.concat([Buffer.from(passphrase), salt]);
  const first = digest(secret);
  const second = digest(first, secret);
  const cipher = createCipheriv('aes-256-cbc', Buffer.concat([first, second]), digest(second, secret));
  cipher.setAutoPadding(padded);
  return Buffer.concat([Buffer.from('Salted__'), salt, cipher.update(plain), cipher.final()]).toString('base64');
}

const keyOf = (appKey) => `kakao_${digest(Buffer.from(`kat${appKey}`)).toString('hex')}`;

/** A localStorage with these entries. */
const storageOf = (entries) => ({ getItem: (key) => (Object.hasOwn(entries, key) ? entries[key] : null) });

/** Reads an entry of the app. */
const readEntry = (text, appKey = APP_KEY) => readLegacyToken(appKey, keyOf(appKey), storageOf({ [keyOf(appKey)]: text }));

const throwing = () => { throw new Error('forbidden'); };

describe('MD5', () => {
  const VECTORS = { // RFC 1321, A.5
    '': 'd41d8cd98f00b204e9800998ecf8427e',
    a: '0cc175b9c0f1b6a831c399e269772661',
    abc: '900150983cd24fb0d6963f7d28e17f72',
    'message digest': 'f96b697d7cb7938d525a2f31aaf161d0',
    abcdefghijklmnopqrstuvwxyz: 'c3fcd3d76192e4007dfb496cca67e13b',
    ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789: 'd174ab98d277d9f5a5611c2c9f419d9f',
    '12345678901234567890123456789012345678901234567890123456789012345678901234567890': '57edf4a22be3c955ac49da2e2107b67a',
  };

  for (const [message, want] of Object.entries(VECTORS)) {
    test(`of '${message}'`, () => assert.equal(hex(md5([...Buffer.from(message)])), want));
  }

  test('of every length around the blocks', () => {
    for (let length = 0; length <= 200; length++) {
      const message = Buffer.alloc(length, 'kakao \xff\x80');
      assert.equal(hex(md5([...message])), digest(message).toString('hex'), `${length} bytes`);
    }
  });
});

describe('AES-256', () => {
  test('decrypts the example of FIPS 197, C.3', () => {
    const decryptBlock = aes256(Array.from({ length: 32 }, (_, i) => i));
    assert.equal(hex(decryptBlock(fromHex('8ea2b7ca516745bfeafc49904b496089'))), '00112233445566778899aabbccddeeff');
  });

  test('decrypts with the key of FIPS 197, A.3', () => { // and the blocks of NIST SP 800-38A, F.1.6
    const decryptBlock = aes256(fromHex('603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4'));
    for (const [cipher, plain] of [
      ['f3eed1bdb5d2a03c064b5a7e3db181f8', '6bc1bee22e409f96e93d7e117393172a'],
      ['591ccb10d410ed26dc5ba74a31362870', 'ae2d8a571e03ac9c9eb76fac45af8e51'],
      ['b6ed21b99ca6f4f9f153e7b1beafed1d', '30c81c46a35ce411e5fbc1191a0a52ef'],
      ['23304b7a39f9f3ff067d8d8f9e24ecc7', 'f69f2445df4f9b17ad2b417be66c3710'],
    ]) {
      assert.equal(hex(decryptBlock(fromHex(cipher))), plain);
    }
  });

  test("decrypts what Node's cipher encrypts", () => {
    for (let i = 0; i < 50; i++) {
      const key = Buffer.concat([digest(Buffer.from(`key ${i}`)), digest(Buffer.from(`more ${i}`))]);
      const plain = digest(Buffer.from(`plain ${i}`));
      const cipher = createCipheriv('aes-256-ecb', key, null);
      assert.equal(hex(aes256([...key])([...cipher.update(plain)])), plain.toString('hex'));
    }
  });
});

describe('legacyTokenKey', () => {
  test('is a fixed name for an app', () => {
    assert.equal(legacyTokenKey(APP_KEY), 'kakao_455260b1fe34076f531b37c26d3488ea');
  });

  for (const appKey of ['', '앱 키 🦁', 'k'.repeat(1000)]) {
    test(`of the app key '${appKey.slice(0, 10)}'`, () => assert.equal(legacyTokenKey(appKey), keyOf(appKey)));
  }
});

describe('readLegacyToken reads', () => {
  test('what OpenSSL encrypted', () => { // openssl enc -aes-256-cbc -md md5 -base64 -k $APP_KEY
    assert.equal(readEntry('U2FsdGVkX18SUc1m+ll92uyTjD9mlCnF92brC3SGutQ='), '토큰 🦁');
  });

  test('a token', () => assert.equal(readEntry(encrypt(TOKEN, APP_KEY)), TOKEN));
  test('a token in Unicode', () => assert.equal(readEntry(encrypt('토큰 🦁', APP_KEY)), '토큰 🦁'));
  test('a token that begins with a byte order mark', () => assert.equal(readEntry(encrypt('\ufefft', APP_KEY)), '\ufefft'));
  test('an empty token', () => assert.equal(readEntry(encrypt('', APP_KEY)), ''));

  test('a token of 500 characters', () => {
    const token = TOKEN.repeat(16).slice(0, 500);
    assert.equal(readEntry(encrypt(token, APP_KEY)), token);
  });

  test('a token of any length, with any salt', () => {
    for (let length = 0; length <= 100; length++) {
      const token = TOKEN.repeat(4).slice(0, length);
      const salt = digest(Buffer.from(`salt ${length}`)).subarray(0, 8);
      assert.equal(readEntry(encrypt(token, APP_KEY, { salt })), token, `${length} characters`);
    }
  });

  for (const appKey of ['', '앱 키 🦁', 'k'.repeat(200)]) {
    test(`a token of the app key '${appKey.slice(0, 10)}'`, () => {
      assert.equal(readEntry(encrypt(TOKEN, appKey), appKey), TOKEN);
    });
  }

  test('no token from an empty entry', () => assert.equal(readEntry(''), undefined));

  test('the entry of its own app only', () => {
    const storage = storageOf({ [keyOf('other')]: encrypt(TOKEN, 'other') });
    assert.equal(readLegacyToken(APP_KEY, keyOf(APP_KEY), storage), undefined);
    assert.equal(readLegacyToken('other', keyOf('other'), storage), TOKEN);
  });
});

describe('readLegacyToken answers an empty string to', () => {
  const valid = encrypt(TOKEN, APP_KEY);
  const bytes = Buffer.from(valid, 'base64');

  test('a plain token', () => assert.equal(readEntry(TOKEN), ''));
  test('what is no base64', () => assert.equal(readEntry('\u0000 <토큰>'), ''));
  test('base64 of something else', () => assert.equal(readEntry(Buffer.alloc(64, 'kakao').toString('base64')), ''));
  test('a salt without a text', () => assert.equal(readEntry(bytes.subarray(0, 16).toString('base64')), ''));

  test('a wrong passphrase', () => {
    for (let i = 0; i < 300; i++) assert.equal(readEntry(encrypt(TOKEN, `wrong ${i}`)), '', `wrong ${i}`);
  });

  test('a truncated text', () => {
    for (let length = 1; length < bytes.length; length++) {
      assert.equal(readEntry(bytes.subarray(0, length).toString('base64')), '', `${length} bytes`);
    }
    for (let length = 1; length < valid.length; length++) {
      const token = readEntry(valid.slice(0, length)); // without the = at its end, base64 is still complete
      assert.ok(token === '' || (token === TOKEN && /^=+$/.test(valid.slice(length))), `${length} characters`);
    }
  });

  test('a text that is not UTF-8', () => {
    for (const plain of ['ff', 'c0af', 'eda080', 'f09fa6', '746f6b656e80']) {
      assert.equal(readEntry(encrypt(Buffer.from(plain, 'hex'), APP_KEY)), '', plain);
    }
  });

  test('a wrong padding', () => {
    for (const end of ['00', '11', '0102', '20', 'ff', '030203', '00'.repeat(16), '20'.repeat(32), '11'.repeat(17)]) {
      const plain = Buffer.concat([Buffer.alloc(48 - end.length / 2, 'a'), Buffer.from(end, 'hex')]);
      assert.equal(readEntry(encrypt(plain, APP_KEY, { padded: false })), '', end);
    }
  });

  test('a huge text, at once', () => {
    const started = performance.now();
    assert.equal(readEntry(encrypt('a'.repeat(5_000_000), APP_KEY)), '');
    assert.equal(readEntry('토'.repeat(5_000_000)), '');
    assert.ok(performance.now() - started < 2000);
  });
});

describe('readLegacyToken answers undefined', () => {
  afterEach(() => { delete globalThis.localStorage; });

  const define = (descriptor) => Object.defineProperty(globalThis, 'localStorage', { configurable: true, ...descriptor });

  test('without an entry', () => assert.equal(readLegacyToken(APP_KEY, keyOf(APP_KEY), storageOf({})), undefined));
  test('if the entry cannot be read', () => assert.equal(readLegacyToken(APP_KEY, keyOf(APP_KEY), { getItem: throwing }), undefined));
  test('if the storage has no methods', () => assert.equal(readLegacyToken(APP_KEY, keyOf(APP_KEY), {}), undefined));

  test('if localStorage must not be named', () => {
    define({ get: throwing });
    assert.equal(readLegacyToken(APP_KEY, keyOf(APP_KEY)), undefined);
  });

  test('if localStorage is null, as in web views', () => {
    define({ value: null });
    assert.equal(readLegacyToken(APP_KEY, keyOf(APP_KEY)), undefined);
    assert.equal(readLegacyToken(APP_KEY, keyOf(APP_KEY), null), undefined);
  });

  test('only if localStorage has no token either', () => {
    define({ value: storageOf({ [keyOf(APP_KEY)]: encrypt(TOKEN, APP_KEY) }) });
    assert.equal(readLegacyToken(APP_KEY, keyOf(APP_KEY)), TOKEN);
    assert.equal(readLegacyToken('other', keyOf('other')), undefined);
  });

  test('for an app key that is no well-formed text', () => {
    assert.equal(readLegacyToken('\ud800', legacyTokenKey('\ud800'), storageOf({})), undefined);
  });
});

test('the minified module reads the same', async () => {
  const result = await build({
    entryPoints: [fileURLToPath(new URL('legacytoken.js', import.meta.url))],
    bundle: true,
    minify: true,
    format: 'esm',
    target: ['chrome85', 'firefox79', 'safari14.1'],
    write: false,
  });
  const module = await import(`data:text/javascript;base64,${Buffer.from(result.outputFiles[0].text).toString('base64')}`);
  assert.equal(module.readLegacyToken(APP_KEY, module.legacyTokenKey(APP_KEY), storageOf({ [keyOf(APP_KEY)]: encrypt(TOKEN, APP_KEY) })), TOKEN);
});
