// Logs in to the built app in Chromium, with an emulator and a token server.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { LIMIT } from '../site.mjs';
import { logInAndOut, startViteApp } from '../viteapp.mjs';

let app;
beforeAll(async () => { app = await startViteApp(import.meta.dirname); }, LIMIT);
afterAll(() => app?.close(), LIMIT);

test('logs in, stays logged in after a reload and in another tab, and logs out in both', async () => {
  expect(await logInAndOut(app.site)).toEqual([]);
}, LIMIT);
