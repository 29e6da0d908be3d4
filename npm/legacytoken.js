// Reads the access token that the legacy SDK left in the browser, so that a page that changes the
// script tag finds its users still logged in. The token must be there when init returns, but Web
// Crypto is asynchronous and has no MD5, so hash and cipher are here; a library would cost four times
// the bytes. They hide nothing, because the app key is the passphrase: so they are small, not fast.

import { textCoding } from './textcoding.js';

/** No token is nearly as long. Reading one takes a few milliseconds, a text of this length some thirty. */
const LONGEST = 1 << 14;

const { TextDecoder, TextEncoder } = textCoding();

const encode = (/** @type {string} */ text) => [...new TextEncoder().encode(text)];

/**
 * Where the legacy SDK kept the token. A page asks once: a hash that runs cold takes a millisecond.
 * @param {string} appKey
 * @returns {string}
 */
export function legacyTokenKey(appKey) {
  const hex = md5(encode(`kat${appKey}`)).map((byte) => (byte + 256).toString(16).slice(1));
  return `kakao_${hex.join('')}`;
}

/**
 * Reads the token that the legacy SDK kept. Never throws.
 * @param {string} appKey
 * @param {string} key where it is kept
 * @param {Storage} [storage] localStorage if left out; a browser may forbid even to name it
 * @returns {string|undefined} undefined if there is none, or an empty entry; '' if it is unreadable
 */
export function readLegacyToken(appKey, key, storage) {
  let text;
  try {
    text = (storage ?? localStorage).getItem(key) || undefined;
    return text && decrypt(text, encode(appKey));
  } catch {
    return text && '';
  }
}

/**
 * Undoes what `openssl enc -aes-256-cbc -md md5 -base64` does.
 * @param {string} text
 * @param {number[]} passphrase
 */
function decrypt(text, passphrase) {
  const data = text.length > LONGEST ? '' : atob(text);
  if (!data.startsWith('Salted__') || data.length % 16) return '';
  const bytes = Array.from(data, (char) => char.charCodeAt(0));

  const secret = [...passphrase, ...bytes.slice(8, 16)];
  const first = md5(secret);
  const second = md5([...first, ...secret]);
  let previous = md5([...second, ...secret]); // the initialisation vector

  const decryptBlock = aes256([...first, ...second]);
  /** @type {number[]} */
  const plain = [];
  for (let i = 16; i < bytes.length; i += 16) {
    const block = bytes.slice(i, i + 16);
    plain.push(...xor(decryptBlock(block), previous));
    previous = block;
  }

  const last = plain[plain.length - 1];
  const padding = plain.splice(-last);
  if (last > 16 || padding.length !== last || padding.some((byte) => byte !== last)) return '';
  return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Uint8Array.from(plain));
}

const SHIFTS = [[7, 12, 17, 22], [5, 9, 14, 20], [4, 11, 16, 23], [6, 10, 15, 21]];

/**
 * RFC 1321. Reads words in the byte order of the machine, which is little-endian wherever browsers run.
 * @param {ArrayLike<number> & Iterable<number>} message bytes
 */
export function md5(message) {
  const { length } = message;
  const words = new Int32Array(((length + 72) >> 6) << 4);
  new Uint8Array(words.buffer).set([...message, 128]);
  words[words.length - 2] = length * 8;

  const state = Int32Array.of(0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476);
  for (let start = 0; start < words.length; start += 16) {
    let [a, b, c, d] = state;
    for (let i = 0; i < 64; i++) {
      const round = i >> 4;
      const mixed = [(b & c) | (~b & d), (d & b) | (~d & c), b ^ c ^ d, c ^ (b | ~d)][round];
      const word = words[start + ((i * [1, 5, 3, 7][round] + [0, 1, 5, 0][round]) & 15)];
      const sum = (a + mixed + word + (Math.abs(Math.sin(i + 1)) * 2 ** 32 >>> 0)) | 0;
      const shift = SHIFTS[round][i & 3];
      [a, b, c, d] = [d, (b + ((sum << shift) | (sum >>> -shift))) | 0, b, c];
    }
    [a, b, c, d].forEach((word, i) => { state[i] += word; });
  }
  return [...new Uint8Array(state.buffer)];
}

const xor = (/** @type {number[]} */ block, /** @type {number[]} */ other) => block.map((byte, i) => byte ^ other[i]);

/**
 * The product in the field of AES, GF(2^8).
 * @param {number} a
 * @param {number} b
 */
function times(a, b) {
  let product = 0;
  for (; b; b >>= 1) {
    if (b & 1) product ^= a;
    a = (a << 1) ^ (a >> 7) * 0x11b;
  }
  return product;
}

/**
 * What byte i of a block was before its column was mixed.
 * @param {number} _
 * @param {number} i
 * @param {number[]} block
 */
function unmixed(_, i, block) {
  return [14, 11, 13, 9].reduce((sum, factor, j) => sum ^ times(block[(i & 12) | ((i + j) & 3)], factor), 0);
}

/**
 * FIPS 197: returns the function that decrypts a block with a key of 32 bytes.
 * @param {number[]} key
 * @returns {(block: number[]) => number[]}
 */
export function aes256(key) {
  const sbox = new Uint8Array(256).fill(99);
  for (let i = 0, x = 1, inverse = 1; i < 255; i++) {
    const twice = inverse * 0x101; // the byte twice in a row: its shifts are the byte's rotations
    sbox[x] ^= inverse ^ (twice >> 4) ^ (twice >> 5) ^ (twice >> 6) ^ (twice >> 7);
    x = times(x, 3); // 3 generates the field, and 0xf6 is 1/3
    inverse = times(inverse, 0xf6);
  }

  const keys = [...key];
  for (let i = 32, constant = 1; i < 240; i += 4) {
    let word = keys.slice(i - 4);
    if (i % 16 === 0) word = word.map((byte) => sbox[byte]);
    if (i % 32 === 0) {
      word.push(/** @type {number} */ (word.shift()));
      word[0] ^= constant;
      constant <<= 1;
    }
    keys.push(...xor(word, keys.slice(i - 32)));
  }

  return (block) => {
    for (let round = 14; round >= 0; round--) {
      block = xor(block, keys.slice(round * 16));
      if (round % 14) block = block.map(unmixed);
      if (round) block = block.map((_, i, from) => sbox.indexOf(from[(i + (i & 3) * 12) & 15])); // and unshifts the rows
    }
    return block;
  };
}
