// The built guides as their readers see them: every link, both languages, phone and desktop, light and dark, search.
// `make docs` builds them into dist/docs.

import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { parse } from 'parse5';
import { checkAccess } from '../e2e/access.mjs';
import { startDemo } from '../e2e/demo.mjs';
import { newContext, startBrowser } from '../e2e/site.mjs';

const BUILT = 'dist/docs';
const pages = readdirSync(BUILT, { recursive: true }).filter((name) => name.endsWith('.html') && name !== '404.html').map((name) => name.replaceAll('\\', '/'));

/** The address of a built page below /docs. */
const addressOf = (page) => `/docs/${page.replace(/(?:^|(?<=\/))index\.html$/, '').replace(/\.html$/, '')}`;

let demo;
let browser;
before(async () => {
  [demo, browser] = await Promise.all([startDemo(['--docs-dir', BUILT]), startBrowser()]);
});
after(async () => {
  await browser?.close();
  await demo?.close();
});

/** A page of the site; whatever the browser complains of, or asks others for, fails the test. */
async function open(t, address, options) {
  const context = await newContext(browser, options);
  t.after(() => context.close());
  const problems = [];
  const page = await context.newPage();
  page.on('pageerror', (error) => problems.push(String(error)));
  page.on('console', (message) => { if (message.type() === 'error') problems.push(message.text()); });
  page.on('request', (request) => { if (!/^data:/.test(request.url()) && new URL(request.url()).origin !== demo.origin) problems.push(`asked ${request.url()}`); });
  await page.goto(demo.origin + address);
  t.after(() => assert.deepEqual(problems, []));
  return page;
}

function* elementsOf(node) {
  if (node.tagName) yield node;
  for (const child of node.childNodes ?? []) yield* elementsOf(child);
}

/** The addresses that a built page links to, and the anchors that it has. */
function linksOf(page) {
  const elements = [...elementsOf(parse(readFileSync(`${BUILT}/${page}`, 'utf8')))];
  const values = (name, of) => of.flatMap(({ attrs }) => attrs.filter((each) => each.name === name).map(({ value }) => value));
  return { links: values('href', elements.filter(({ tagName }) => tagName === 'a')), anchors: new Set(values('id', elements)) };
}

describe('links', () => {
  test('lead to pages and anchors that are there', () => {
    const site = new Map(pages.map((page) => [addressOf(page), linksOf(page)]));
    const dead = [];
    for (const [address, { links }] of site) {
      for (const link of links.filter((href) => !/^(?:https?:|mailto:)/.test(href))) {
        const target = new URL(link, `http://site${address}`);
        const found = site.get(target.pathname);
        const anchor = decodeURIComponent(target.hash.slice(1));
        if (existsSync(target.pathname.replace('/docs/', `${BUILT}/`)) && /\.json$/.test(target.pathname)) continue;
        if (!found || (anchor && !found.anchors.has(anchor))) dead.push(`${address}: ${link}`);
      }
    }
    assert.deepEqual(dead, []);
    assert.ok(site.size > 40);
  });

  test('lead to files of the repository that are there', () => {
    const repository = /^https:\/\/github\.com\/kakaowasm\/kakaowasm\/blob\/main\/([^#]*)/;
    const gone = pages.flatMap((page) => linksOf(page).links.map((link) => repository.exec(link)?.[1]).filter((path) => path && !existsSync(decodeURI(path))));
    assert.deepEqual([...new Set(gone)], []);
  });
});

test('every document has a page, and a line in the menu, in both languages', () => {
  const menus = ['index.html', 'en/index.html'].flatMap((page) => linksOf(page).links);
  for (const name of readdirSync('docs').filter((file) => file.endsWith('.md'))) {
    const page = name.replace(/(?:\.ko)?\.md$/, '.html');
    assert.ok(pages.includes(page) && pages.includes(`en/${page}`), name);
    assert.ok(menus.includes(addressOf(page)) && menus.includes(addressOf(`en/${page}`)), `${name} is in no menu: site/.vitepress/config.mjs`);
  }
});

describe('the pages', () => {
  for (const address of ['/docs/', '/docs/en/', '/docs/migration', '/docs/en/migration', '/docs/errors', '/docs/sdk', '/docs/en/api', '/docs/reference/', '/docs/none']) {
    test(`${address}: axe in light and dark, 320 pixels, forced colours`, () => checkAccess(browser, demo.origin + address));
  }

  test('none is wider than a phone', async (t) => {
    const page = await open(t, '/docs/', { viewport: { width: 320, height: 640 } });
    const wide = [];
    for (const address of pages.map(addressOf)) {
      await page.goto(demo.origin + address);
      if (!await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)) wide.push(address);
    }
    assert.deepEqual(wide, []);
  });

  test('the menu opens on a phone', async (t) => {
    const page = await open(t, '/docs/sdk', { viewport: { width: 360, height: 740 }, locale: 'ko-KR' });
    await page.getByRole('button', { name: '목차' }).click();
    await page.locator('.VPSidebar').getByRole('link', { name: '마이그레이션' }).click();
    await page.getByRole('heading', { level: 1, name: '마이그레이션' }).waitFor();
  });

  test('the other language is one step away, on the same page', async (t) => {
    const page = await open(t, '/docs/sdk', { viewport: { width: 1280, height: 900 } });
    await page.getByRole('link', { name: 'sdk.md' }).click();
    await page.getByRole('heading', { level: 1, name: 'The SDK on a page' }).waitFor();
    await page.getByRole('button', { name: /language/i }).first().hover();
    await page.getByRole('link', { name: '한국어', exact: true }).first().click();
    await page.getByRole('heading', { level: 1, name: '페이지에서 쓰기' }).waitFor();
  });

  test('dark is kept from page to page', async (t) => {
    const page = await open(t, '/docs/', { colorScheme: 'light', viewport: { width: 1280, height: 900 } });
    const isDark = () => page.evaluate(() => document.documentElement.classList.contains('dark'));
    assert.equal(await isDark(), false);
    await page.locator('.VPSwitchAppearance').first().click();
    await page.goto(`${demo.origin}/docs/en/deploy`);
    assert.equal(await isDark(), true);
  });
});

describe('search, without another server', () => {
  for (const [address, words, expected] of [
    ['/docs/', '리프레시', '백엔드가 쓰던 리프레시 토큰'],
    ['/docs/', '마이그레', '마이그레이션'],
    ['/docs/deploy', 'popup_closed', '오류'],
    ['/docs/en/', 'refresh', 'The refresh token in your back end'],
  ]) {
    test(`${words} on ${address}`, async (t) => {
      const page = await open(t, address, { viewport: { width: 1280, height: 900 } });
      await page.locator('.DocSearch-Button').click();
      await page.locator('input[type=search]').fill(words);
      await page.locator('#localsearch-list .result', { hasText: expected }).first().click();
      await page.locator('.vp-doc').getByText(words).first().waitFor();
      assert.equal(new URL(page.url()).pathname.startsWith('/docs/en'), address.startsWith('/docs/en'));
    });
  }
});
