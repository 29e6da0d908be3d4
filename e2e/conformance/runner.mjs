// Runs cases in Chromium, several at a time. Each worker is a tab in which page/host.js runs one case
// after the other.

import { readFileSync } from 'node:fs';
import { newContext, startBrowser } from '../site.mjs';
import { forPage } from './cases.mjs';

const ORIGIN = 'https://app.example.test';
const WORKERS = Number(process.env.WORKERS ?? 3);
const FRESH = Boolean(process.env.FRESH); // whether each case gets a page that none had before

const PAGE = '<!doctype html><html lang="ko"><head><meta charset="utf-8">'
  + '<script>parent.harness.begin(window)</script></head><body></body></html>';
const HOST = '<!doctype html><html><head><meta charset="utf-8"></head><body></body></html>';

const file = (path) => readFileSync(new URL(path, import.meta.url), 'utf8');

/** The relay page as the token server delivers it, except that it is told to behave like a popup. */
const relay = () => file('../../server/relay/callback.html')
  .replaceAll('{{.Base}}', '/kakao')
  .replaceAll('{{.Origins}}', ORIGIN)
  .replaceAll('{{.Hints}}', '{}')
  .replaceAll(/\{\{\.(?:Routes|Returns|Begun)\}\}/g, '')
  .replace('<head>', '<head><script>parent.harness.dress(window)</script>');

const SITE = {
  '/': () => ['text/html', PAGE],
  '/host': () => ['text/html', HOST],
  '/host.js': () => ['text/javascript', file('page/host.js')],
  '/farside.js': () => ['text/javascript', file('page/farside.js')],
  '/kakao/callback': () => ['text/html', relay()],
  '/kakao/callback.js': () => ['text/javascript', file('../../server/relay/callback.js')],
  '/kakao/callback.css': () => ['text/css', ''],
  'https://apps.kakao.com/proxy': () => ['text/html', '<!doctype html>'], // the frame of an address window
};

/**
 * Starts the workers.
 * @returns `run` runs a case, with more steps after its own, and resolves to what it recorded;
 *   `strays` are the requests that nobody expects, with the case that was running
 */
export async function startRunner(sdk) {
  const queue = [];
  const sources = { recorder: file('page/recorder.js'), sdk };
  const strays = [];
  // A browser each: for several profiles in one, it would start a spare process for each page.
  const browsers = await Promise.all(Array.from({ length: WORKERS }, startBrowser));
  const hosts = await Promise.all(browsers.map((browser) => openHost(browser, sources, strays)));
  return {
    strays,
    run: (given, more = []) => new Promise((resolve, reject) => {
      queue.push((host) => runIn(host, given, more).then(resolve, reject));
    }),
    /** Works through all that has been queued. */
    work: () => Promise.all(hosts.map(async (host) => {
      for (let job = queue.shift(); job; job = queue.shift()) await job(host);
    })),
    close: () => Promise.all(browsers.map((browser) => browser.close())),
  };
}

async function runIn(host, given, more) {
  host.running = given.id;
  const job = { ...forPage(given, more), fresh: FRESH };
  const outcome = await host.page.evaluate((it) => window.host.run(it), job);
  if (host.problems.length) throw new Error(`the harness failed: ${host.problems.splice(0).join('; ')}`);
  return outcome;
}

async function openHost(browser, sources, strays) {
  const context = await newContext(browser);
  const host = { running: 'none', problems: [] };
  await context.route('**', (route) => {
    const { origin, pathname } = new URL(route.request().url());
    const [contentType, body] = SITE[origin === ORIGIN ? pathname : origin + pathname]?.() ?? [];
    if (contentType) return route.fulfill({ contentType, body });
    strays.push(`${route.request().method()} ${route.request().url()} during ${host.running}`);
    return route.abort();
  });
  const page = await context.newPage();
  page.on('pageerror', (error) => host.problems.push(String(error)));
  await page.goto(`${ORIGIN}/host`);
  await page.evaluate(async (texts) => {
    window.host = await import('/host.js');
    window.host.load(texts);
  }, sources);
  return Object.assign(host, { page });
}
