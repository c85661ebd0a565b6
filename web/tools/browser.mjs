// A browser that is logged in: Debian's Chromium, driven by Playwright, with a one-time token of `lambent dashboard`.
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

const home = join(dirname(fileURLToPath(import.meta.url)), '../..');
const chromiumPath = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync);

/** The program as it was built last: what the tests build, else what the launcher builds. */
export const program = [
  process.env.LAMBENT_PROGRAM,
  'src/Cli/bin/Debug/net10.0/lambent',
  'src/Cli/bin/Release/net10.0/lambent',
]
  .filter(Boolean)
  .map((path) => join(path.startsWith('/') ? '' : home, path))
  .find(existsSync);

export const hasBrowser = chromiumPath !== undefined;

/** Runs a verb of the command line against a data folder; the answer is what it printed. */
export function lambent(dataFolder, ...words) {
  return execFileSync(program, [...words, '--data-folder', dataFolder], {
    encoding: 'utf8',
    env: { ...process.env, LAMBENT_HOME: home, NO_COLOR: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/** The address that logs in, once. */
export function loginAddress(dataFolder) {
  return JSON.parse(lambent(dataFolder, 'dashboard', '--json')).url;
}

export function launch() {
  return chromium.launch({
    executablePath: chromiumPath,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--disable-dev-shm-usage',
    ],
  });
}

/** A page that is logged in and shows the home screen. */
export async function logIn(browser, dataFolder, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
  const page = await context.newPage();
  await page.goto(loginAddress(dataFolder));
  await page.locator('#content').waitFor();
  return page;
}
