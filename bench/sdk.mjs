// Measures the SDK in Chromium: from the script tag to a usable Kakao.Auth.login, one synchronous call, and
// API.request beside a bare fetch. Prints the tables of docs/performance.md.
//
//   node bench/sdk.mjs [--rounds 15] [--base other/kakao.js]
//
// With --base another build is measured in the same rounds, and its figures are what ratios are taken of.

import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { parseArgs } from 'node:util';
import { brotliCompressSync } from 'node:zlib';
import { chromium } from 'playwright-core';

const { values: options } = parseArgs({ options: { rounds: { type: 'string', default: '15' }, base: { type: 'string' } } });
const rounds = Number(options.rounds);
if (!Number.isInteger(rounds) || rounds < 1) throw new Error(`--rounds must be a whole number from 1, not ${options.rounds}`);

const builds = { released: 'dist/release/kakao.js', ...(options.base && { base: options.base }) };
const scripts = Object.fromEntries(Object.entries(builds).map(([name, path]) => [name, brotliCompressSync(readFileSync(path))]));

const KEY = '0123456789abcdef0123456789abcdef';

const page = (name) => `<!doctype html><title>${name}</title>
<script>window.begun = performance.now()</script>
<script src="/${name}.js"></script>
<script>
  Kakao.init('${KEY}', { server: '/kakao', apiHost: '/' });
  if (typeof Kakao.Auth.login === 'function') window.usable = performance.now();
</script>`;

const server = createServer((request, response) => {
  const { pathname } = new URL(request.url, 'http://localhost');
  const script = scripts[pathname.slice(1, -3)];
  if (script && pathname.endsWith('.js')) {
    response.writeHead(200, { 'content-type': 'text/javascript; charset=utf-8', 'content-encoding': 'br', 'cache-control': 'no-store' });
    response.end(script);
  } else if (scripts[pathname.slice(1)]) {
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' });
    response.end(page(pathname.slice(1)));
  } else {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end('{"id":1}');
  }
});

const median = (list) => list.toSorted((a, b) => a - b)[Math.floor(list.length / 2)];

/** Opens a page with a build, in a browser context of its own, and measures there. */
async function inPage(browser, origin, name, throttle, measure) {
  const context = await browser.newContext();
  try {
    const opened = await context.newPage();
    const session = await context.newCDPSession(opened);
    if (throttle > 1) await session.send('Emulation.setCPUThrottlingRate', { rate: throttle });
    await opened.goto(`${origin}/${name}`);
    return await opened.evaluate(measure);
  } finally {
    await context.close();
  }
}

/** Milliseconds from the script tag to a usable login. */
const start = () => window.usable - window.begun;

/** Microseconds of one Auth.getAccessToken. */
const call = () => {
  Kakao.Auth.setAccessToken('token');
  const times = 20_000;
  const once = () => {
    const begun = performance.now();
    for (let i = 0; i < times; i++) Kakao.Auth.getAccessToken();
    return (performance.now() - begun) * 1000 / times;
  };
  once();
  return once();
};

/** How much longer API.request takes than a bare fetch, as a ratio of medians. */
const request = async () => {
  Kakao.Auth.setAccessToken('token');
  const middle = (list) => list.sort((a, b) => a - b)[list.length >> 1];
  const timed = async (list, action) => {
    const begun = performance.now();
    await action();
    list.push(performance.now() - begun);
  };
  const ours = [];
  const bare = [];
  for (let i = 0; i < 400; i++) {
    await timed(ours, () => Kakao.API.request({ url: '/v2/user/me' }));
    await timed(bare, async () => (await fetch('/v2/user/me', {
      headers: { Authorization: 'Bearer token', KA: 'sdk/1' }, cache: 'no-store', credentials: 'omit',
    })).json());
  }
  return middle(ours) / middle(bare);
};

await new Promise((listening) => server.listen(0, '127.0.0.1', listening));
const origin = `http://localhost:${server.address().port}`;
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu'] });
try {
  const names = Object.keys(builds);
  console.log('| what | build | median | ratio to base |\n| --- | --- | ---: | ---: |');
  const measures = [
    ['script tag to login, ms', 1, start], ['the same, processor slowed 4 times, ms', 4, start],
    ['one synchronous call, µs', 1, call], ['API.request, times a bare fetch', 1, request],
  ];
  for (const [what, throttle, measure] of measures) {
    const found = Object.fromEntries(names.map((name) => [name, []]));
    for (let round = 0; round <= rounds; round++) {
      for (const name of names) {
        const figure = await inPage(browser, origin, name, throttle, measure);
        if (round > 0) found[name].push(figure); // the first warms up
      }
    }
    for (const name of names) {
      const ratio = found.base ? median(found[name].map((figure, i) => figure / found.base[i])).toFixed(2) : '';
      console.log(`| ${what} | ${name} | ${median(found[name]).toFixed(2)} | ${ratio} |`);
    }
  }
} finally {
  await browser.close();
  server.close();
}
