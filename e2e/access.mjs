// What every page must pass in every state: axe in light and dark, no overflow on a narrow
// screen, controls that can be seen in forced colours.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { newContext } from './site.mjs';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Runs axe in the colours that the page has now. */
async function findings(page) {
  const { violations } = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ['violations'] }));
  return violations.map(({ id, nodes }) => `${id}: ${nodes.slice(0, 3).map(({ html, any }) => `${html.slice(0, 120)} ${any[0]?.message ?? ''}`).join(' | ')}`);
}

/** Controls without a border. Backgrounds are gone in forced colours: whoever looks for a control needs it. */
const vanished = (page) => page.evaluate(() => [...document.querySelectorAll('button, select, textarea, input')].filter((control) => {
  const style = getComputedStyle(control);
  const bordered = parseFloat(style.borderTopWidth) > 0 && style.borderTopStyle !== 'none' && style.borderTopColor !== 'rgba(0, 0, 0, 0)';
  return control.checkVisibility() && !bordered && (style.appearance === 'none' || control.tagName === 'BUTTON');
}).map(({ outerHTML }) => outerHTML.slice(0, 120)));

/**
 * Opens a page in a browser of its own, brings it into a state, and checks it.
 * @param {import('playwright-core').Browser} browser
 * @param {string} address
 * @param {(page: import('playwright-core').Page) => unknown} [prepare]
 * @param {object} [options] of the browser's profile
 */
export async function checkAccess(browser, address, prepare, options) {
  const context = await newContext(browser, { viewport: { width: 1000, height: 800 }, bypassCSP: true, reducedMotion: 'reduce', ...options });
  const page = await context.newPage();
  await page.goto(address);
  await prepare?.(page);
  await page.evaluate(axe);
  for (const colorScheme of ['light', 'dark']) {
    await page.emulateMedia({ colorScheme });
    assert.deepEqual(await findings(page), [], `axe, ${colorScheme}`);
  }
  await page.setViewportSize({ width: 320, height: 640 });
  await page.emulateMedia({ colorScheme: 'light', forcedColors: 'active' });
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), 'the page is wider than 320 pixels');
  assert.deepEqual(await vanished(page), [], 'controls without a border in forced colours');
  await context.close();
}
