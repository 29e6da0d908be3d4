// The recorded cases, and what a page needs to know to run one.

import { createCipheriv, createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

export const APP_KEY = 'a1b2c3d4e5f60718293a4b5c6d7e8f90';

/** Where the legacy SDK stored its token. */
export const TOKEN_KEY = `kakao_${createHash('md5').update(`kat${APP_KEY}`).digest('hex')}`;

const FILES = ['lifecycle', 'validation', 'authorize', 'login', 'wire', 'tokens', 'cleanup'];

// With these, a popup of 480 by 700 is centred at 410, 30, as it was when the cases were recorded.
const WINDOW = { screenLeft: 10, screenX: 10, screenTop: 20, screenY: 20, innerWidth: 1280, innerHeight: 720 };

/** How long a case waits for what it says that it waits for, unless it says so itself. */
const WAIT_MS = 3000;

const read = (name) => JSON.parse(readFileSync(new URL(`cases/${name}.json`, import.meta.url), 'utf8'));

const userAgents = read('user-agents');

/** All cases, in the order of the files. */
export const cases = FILES.flatMap(read);

/**
 * What page/host.js runs: the case without its outcome, with its conditions spelled out.
 * @param {Array[]} more steps after those of the case, which are not recorded themselves
 */
export function forPage(given, more) {
  const { boot = true, initArgs = [APP_KEY], observe = [], storage = [], script = {} } = given;
  return {
    page: {
      ua: userAgents[given.ua ?? 'desktop-chrome'],
      window: WINDOW,
      initArgs: boot ? initArgs : undefined,
      pre: given.pre,
      body: given.body ?? '',
      timeScale: given.timeScale ?? 1,
      popupBlocked: given.popupBlocked ?? false,
      waitMs: given.waitMs ?? WAIT_MS,
    },
    storage: storage.map(([key, value, passphrase]) => [
      key === '$tokenKey' ? TOKEN_KEY : key,
      passphrase === undefined ? value : encrypt(value, passphrase),
    ]),
    steps: given.steps,
    more,
    script,
    observe,
  };
}

/** The AES key and vector that OpenSSL derives from a passphrase and a salt. */
export function derive(passphrase, salt) {
  const blocks = [];
  for (let size = 0; size < 48; size += 16) {
    const previous = blocks.at(-1) ?? Buffer.alloc(0);
    blocks.push(createHash('md5').update(previous).update(passphrase).update(salt).digest());
  }
  const derived = Buffer.concat(blocks);
  return [derived.subarray(0, 32), derived.subarray(32, 48)];
}

/** Text as the legacy SDK stored it: AES-256-CBC in OpenSSL's salted form. */
function encrypt(text, passphrase) {
  const salt = Buffer.from('saltsalt');
  const cipher = createCipheriv('aes-256-cbc', ...derive(passphrase, salt));
  return Buffer.concat([Buffer.from('Salted__'), salt, cipher.update(text), cipher.final()]).toString('base64');
}
