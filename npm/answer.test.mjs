// The answer of a redirect in the page's address: it is taken out before a router sees it, and only if this tab
// asked for it.

import assert from 'node:assert/strict';
import { afterEach, describe, test } from 'node:test';
import { takeAnswer } from './answer.js';

const ANSWER = JSON.stringify({ state: 'r.state', code: 'c' });
const AT = `https://a.test/page?q=1#kakaowasm=${encodeURIComponent(ANSWER)}`;

/** Makes a page at an address, with what its tab keeps. */
function open(address, entries, page = {}) {
  const location = new URL(address);
  const sessionStorage = {
    getItem: (key) => entries[key] ?? null,
    setItem: (key, text) => { entries[key] = text; },
  };
  const history = { state: { router: 1 }, replaceState: (state, _, to) => { assert.deepEqual(state, { router: 1 }); location.href = to; } };
  const top = Object.assign(globalThis, { location, sessionStorage, history });
  globalThis.window = page.framed ? Object.assign({}, { top }) : top;
  if (!page.framed) globalThis.top = top;
  return location;
}

afterEach(() => ['window', 'top', 'location', 'sessionStorage', 'history', 'close'].forEach((name) => delete globalThis[name]));

describe('the answer in the address', () => {
  test('is kept for init, and the route of the page is back before a hash router starts', () => {
    const entries = { 'kakaowasm:login:r.state': 'record', 'kakaowasm:return:r.state': 'https://a.test/page?q=1#/cart' };
    const location = open(AT, entries);
    takeAnswer();
    assert.equal(location.href, 'https://a.test/page?q=1#/cart');
    assert.equal(entries['kakaowasm:result:r.state'], ANSWER);
  });

  test('of a popup is told to the page that opened it, and once that page has heard, the window closes', async () => {
    const answer = JSON.stringify({ kakaowasm: 1, state: 'p.state', code: 'c' });
    const page = new BroadcastChannel('kakaowasm:p.state');
    const told = new Promise((resolve) => { page.onmessage = ({ data }) => resolve(data); });
    open(`https://a.test/#kakaowasm=${encodeURIComponent(answer)}`, { 'kakaowasm:login:p.state': 'record' });
    let words = 0;
    const closed = new Promise((resolve) => { window.close = () => resolve(words); });
    takeAnswer();
    assert.deepEqual(await told, JSON.parse(answer));
    for (const word of [{ kakaowasm: 1, state: 'p.state' }, null, { kakaowasm: 1, heard: 1, state: 'p.state' }]) {
      words++;
      page.postMessage(word);
      await new Promise(setImmediate);
    }
    assert.equal(await closed, 3, 'only the last of them says that the page has heard');
    page.close();
  });

  for (const [name, address, entries, page] of [
    ['that nobody here asked for', AT, {}],
    ['in a frame', AT, { 'kakaowasm:login:r.state': 'record' }, { framed: true }],
    ['that is none', 'https://a.test/#kakaowasm=%7B', {}],
    ["of the page's own router", 'https://a.test/#/cart', {}],
    ['a code in the query, which is the page\'s own', 'https://a.test/?code=c&state=s', {}],
  ]) {
    test(`stays: one ${name}`, () => {
      const before = { ...entries };
      const location = open(address, entries, page);
      takeAnswer();
      assert.equal(location.href, address);
      assert.deepEqual(entries, before);
    });
  }
});
