// A page of the legacy SDK that `npx @kakaowasm/cli migrate` has changed, and nobody else, logs a user in.

import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { bundleMigrate } from '../npm-cli/build.mjs';
import { accept, logInAtPlatform, useSite } from './site.mjs';

let site;
let context;
useSite((given) => { ({ site, context } = given); });

/** The page as the command leaves it. */
function migratedPage(t) {
  const folder = mkdtempSync(join(tmpdir(), 'kakaowasm-migrated-'));
  t.after(() => rmSync(folder, { recursive: true }));
  bundleMigrate(folder);
  cpSync('npm-cli/testdata/migrate/page/before', join(folder, 'site'), { recursive: true });
  const { migrate } = createRequire(import.meta.url)(join(folder, 'migrate.js'));
  assert.equal(migrate([join(folder, 'site'), '--write'], { print: () => {} }), 0);
  return readFileSync(join(folder, 'site/index.html'), 'utf8');
}

test('a migrated page logs in', async (t) => {
  // The app's key, and the emulator in the place of Kakao.
  const hosts = JSON.stringify({ authHost: site.platform, apiHost: site.platform });
  const body = migratedPage(t).replace("'YOUR_JAVASCRIPT_KEY'", `'${site.appKey}', ${hosts}`);
  await context.grantPermissions(['local-network-access']); // Chromium asks, as no server gave the page
  await context.route(`${site.page}/bakery`, (route) => route.fulfill({ contentType: 'text/html; charset=utf-8', body }));
  const page = await context.newPage();
  await page.goto(`${site.page}/bakery`);
  const popup = page.waitForEvent('popup');
  await page.click('#login');
  await logInAtPlatform(await popup);
  await accept(await popup);
  await page.getByText('하늘보리').waitFor();
});
