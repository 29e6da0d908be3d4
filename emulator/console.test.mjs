// What the console shows of a refused login, and what stays of it: a picture as a file, no question that
// outlives its view. KAKAOWASM_BINARY names the program.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, beforeEach, describe, test } from 'node:test';
import { newContext, startBrowser } from '../e2e/site.mjs';
import { createEmulator } from '../npm-emulator/index.js';

const BACK = 'http://127.0.0.1:1/back';
const KEY = '1'.repeat(32);

describe('the console', () => {
  let kakao;
  let browser;
  let context;
  before(async () => {
    kakao = await createEmulator({ redirectUris: [BACK] });
    browser = await startBrowser();
  });
  beforeEach(async () => {
    await kakao.reset();
    await context?.close();
    context = await newContext(browser, { acceptDownloads: true });
  });
  after(async () => {
    await browser?.close();
    await kakao?.close();
  });

  const authorize = (more) => fetch(`${kakao.url}/oauth/authorize?${new URLSearchParams({ client_id: KEY, redirect_uri: BACK, response_type: 'code', state: 's1', ...more })}`, { redirect: 'manual' });

  async function open(view) {
    const page = await context.newPage();
    await page.goto(`${kakao.url}/console?lang=en#/${view}`);
    await page.locator('#view h1').waitFor();
    return page;
  }

  test('a refusal is named in the list: that of a page, that of a redirect and that of the API', async () => {
    await authorize({ redirect_uri: `${BACK}/` });
    await authorize({ scope: 'not-there' });
    await authorize({ prompt: 'none' });
    await fetch(`${kakao.url}/v2/user/me`);
    const page = await open('calls');
    await page.locator('.line').nth(3).waitFor();
    const named = await page.locator('.line').evaluateAll((lines) => lines.map((line) => line.querySelector('.chip.bad')?.textContent));
    assert.deepEqual(named, ['-401', 'login_required', 'KOE205', 'KOE006']);
    assert.deepEqual((await kakao.calls()).map(({ error }) => error), [...named].reverse());
  });

  test('the picture of a login is saved as a file that is an SVG by itself', async () => {
    await authorize({ prompt: 'none' });
    const [{ login }] = await kakao.calls();
    const page = await open(`logins/${login}`);
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Save as SVG' }).click()]);
    assert.equal(download.suggestedFilename(), 'kakao-login.svg');
    const file = await readFile(await download.path(), 'utf8');
    const shown = await page.evaluate((text) => {
      const parsed = new DOMParser().parseFromString(text, 'image/svg+xml');
      return {
        root: `${parsed.documentElement.namespaceURI} ${parsed.documentElement.localName}`,
        wrong: parsed.querySelector('parsererror')?.textContent,
        texts: [...parsed.querySelectorAll('text')].map(({ textContent }) => textContent),
        outside: [...parsed.querySelectorAll('script, style, image, use, foreignObject')].map(({ localName }) => localName),
      };
    }, file);
    assert.equal(shown.root, 'http://www.w3.org/2000/svg svg');
    assert.equal(shown.wrong, undefined);
    assert.deepEqual(shown.outside, [], 'the file needs nothing beside it');
    assert.ok(['Kakao', 'GET /oauth/authorize', '302 → /back'].every((text) => shown.texts.includes(text)), shown.texts.join('\n'));

    // A colleague opens it: an image that loads, with the size that it says.
    const size = await page.evaluate(async (text) => {
      const image = new Image();
      image.src = `data:image/svg+xml,${encodeURIComponent(text)}`;
      await image.decode();
      return image.naturalWidth;
    }, file);
    assert.ok(size > 0);
  });

  for (const [way, leave] of Object.entries({
    'a link': (page) => page.evaluate(() => document.querySelector('#nav a[href="#/users"]').click()),
    Back: (page) => page.goBack(),
    'another address': (page) => page.evaluate(() => { location.hash = '#/users'; }),
  })) {
    test(`a question ends with its view, by ${way}, and nothing is done`, async () => {
      const user = await kakao.users.add({ nickname: 'Added' });
      const page = await open('users');
      await page.evaluate(() => { location.hash = '#/platform'; });
      await page.locator('.card.end .danger').click();
      await page.locator('dialog[open]').waitFor();
      await leave(page);
      await page.waitForFunction(() => location.hash === '#/users' && !document.querySelector('dialog'));
      assert.equal((await kakao.users.get(user.id)).nickname, 'Added');
      assert.equal(await page.evaluate(() => document.querySelector('#view').contains(document.activeElement)), true, 'the focus is in the new view');
    });
  }
});
