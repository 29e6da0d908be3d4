import { defineConfig } from '@playwright/test';

export default defineConfig({
  testDir: 'tests',
  fullyParallel: true,
  workers: 2,
  reporter: 'list',
  use: {
    locale: 'ko-KR',
    launchOptions: {
      executablePath: process.env.CHROMIUM, // left out: Playwright's own
      args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
    },
  },
});
