#!/usr/bin/env node
// Takes a picture of a screen of a running server:
//   node web/tools/shoot.mjs --data DIR PATH OUT.png [--width 1280] [--height 800] [--dark] [--full] [--wait MILLISECONDS]
//        [--click TEXT]… presses what has that text before; [--press KEY]… presses keys
import { parseArgs } from 'node:util';
import { launch, logIn } from './browser.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    data: { type: 'string' },
    width: { type: 'string', default: '1280' },
    height: { type: 'string', default: '800' },
    dark: { type: 'boolean' },
    full: { type: 'boolean' },
    wait: { type: 'string', default: '1500' },
    click: { type: 'string', multiple: true },
    press: { type: 'string', multiple: true },
  },
});
const browser = await launch();
try {
  const page = await logIn(browser, values.data, {
    viewport: { width: Number(values.width), height: Number(values.height) },
    colorScheme: values.dark ? 'dark' : 'light',
  });
  page.on('console', (message) => message.type() === 'error' && console.error(`console: ${message.text()}`));
  page.on('pageerror', (error) => console.error(`page: ${error.message}`));
  await page.goto(new URL(positionals[0], page.url()).href);
  await page.waitForTimeout(Number(values.wait));
  for (const text of values.click ?? []) {
    await page.getByText(text, { exact: true }).first().click();
    await page.waitForTimeout(500);
  }
  for (const key of values.press ?? []) await page.keyboard.press(key);
  await page.waitForTimeout(300);
  await page.screenshot({ path: positionals[1], fullPage: values.full === true });
} finally {
  await browser.close();
}
