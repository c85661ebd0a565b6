// Walks every screen, with what the samples and a few calls left behind: content, accessibility, budgets, nothing broken.
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { launch, missing, openPage, pictures, startServer } from './harness.mjs';
import { seedAlert, seedGreeter, seedQueue, seedSchedule } from './seed.mjs';
import { screensOf, settle } from './screens.mjs';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const firstScreenBytesMax = 300_000;

/** What must be read on a screen; each is looked for in the text of the page's main part. */
const shown = {
  home: [/Home/, /greeter|order-saga/],
  functions: [/greeter/, /markdown-pdf/, /python3/],
  'function-new': [/Node/i, /Python/i],
  'function-overview': [/greeter/, /Calls/i],
  'function-code': [/greeter/],
  'function-test': [/event/i],
  'function-configuration': [/Memory/i, /Timeout/i],
  'function-triggers': [/URL/],
  'function-versions': [/\$LATEST|version/i],
  'function-invocations': [/success|error|failed/i],
  'function-logs': [/greeting|START/],
  'function-errors': [/TypeError/],
  invocations: [/greeter/, /parcel-feed/],
  invocation: [/handler/i],
  events: [/event/i],
  queues: [/orders/, /greetings/, /parcels/],
  queue: [/greetings|orders|parcels/],
  schedules: [/every-morning/, /parcels-hourly/],
  schedule: [/every-morning|parcels-hourly/],
  machines: [/order-saga/],
  machine: [/order-saga/, /Reserve/],
  'designer-new': [/Task|Pass/],
  designer: [/Reserve/],
  executions: [/order-saga/, /succeeded/i],
  execution: [/succeeded/i, /Charge/],
  'execution-timeline': [/Charge/],
  'execution-journal': [/ExecutionStarted/i],
  objects: [/bucket/i],
  errors: [/TypeError/, /cannot greet/],
  error: [/cannot greet Kurt/, /greeter\.mjs/],
  logs: [/greeting|START|parcel/],
  traces: [/greeter|order-saga|parcel-feed/],
  trace: [/handler/i],
  metrics: [/Calls|Invocations/i],
  alerts: [/greeter-errors/],
  alert: [/greeter-errors/, /error-rate/i],
  nodes: [/environment/i],
  settings: [/000000000000/, /session/i],
};

/** Demands that axe finds nothing serious, and that nothing is wider than the window. */
async function judge(page) {
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => window.axe.run(document, { resultTypes: ['violations'] }));
  const serious = violations
    .filter((each) => ['serious', 'critical'].includes(each.impact))
    .map((each) => {
      const places = each.nodes.slice(0, 3).map((node) => `${node.target} ${node.failureSummary}`);
      return `${each.id}: ${places.join(' | ')}`;
    });
  assert.deepEqual(serious, []);
  const wider = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  assert.ok(wider <= 0, `the page is ${wider} pixels wider than the window`);
}

describe('the screens', { skip: missing }, () => {
  let server, browser, tab;

  before(async () => {
    mkdirSync(pictures, { recursive: true });
    server = await startServer({ samples: true });
    seedGreeter(server);
    seedQueue(server);
    seedSchedule(server);
    seedAlert(server);
    browser = await launch();
    tab = await openPage(browser, server);
  });
  after(async () => {
    await browser?.close();
    await server?.stop();
  });

  test('show what there is, and break nothing', async (t) => {
    for (const [name, path] of screensOf(server)) {
      await t.test(name, async () => {
        tab.wrong.length = 0;
        await tab.go(path);
        await settle(tab.page);
        const main = tab.page.locator('main');
        for (const text of shown[name] ?? []) await main.filter({ hasText: text }).waitFor({ timeout: 15_000 });
        await tab.page.screenshot({ path: join(pictures, `${name}.png`) });
        await judge(tab.page);
        assert.deepEqual(tab.wrong, []);
      });
    }
  });

  test('fit on a phone in the dark, and have no serious finding of axe there', async (t) => {
    const other = await openPage(browser, server, { viewport: { width: 390, height: 844 }, colorScheme: 'dark' });
    for (const [name, path] of screensOf(server)) {
      await t.test(name, async () => {
        await other.go(path);
        await settle(other.page);
        await other.page.screenshot({ path: join(pictures, `${name}-phone.png`) });
        await judge(other.page);
      });
    }
    await other.page.context().close();
  });

  test('first come in less than 300 KB, from this server alone', async () => {
    const context = await browser.newContext();
    const page = await context.newPage();
    const session = await context.newCDPSession(page);
    await session.send('Network.enable');
    let bytes = 0;
    session.on('Network.loadingFinished', (event) => {
      bytes += event.encodedDataLength;
    });
    await page.goto(`${server.address}/login`);
    await page.getByRole('heading', { name: /Log in/ }).waitFor();
    const { loginAddress } = await import('../tools/browser.mjs');
    await page.goto(loginAddress(server.dataFolder));
    await settle(page);
    await context.close();
    assert.ok(bytes < firstScreenBytesMax, `${bytes} bytes`);
  });

  test('are reached by keys alone', async () => {
    const { page } = tab;
    await tab.go('/');
    await settle(page);
    await page.keyboard.press('g');
    await page.keyboard.press('f');
    await page.waitForURL('**/functions');
    await settle(page);
    await page.locator('tbody tr[data-row]').first().focus();
    await page.keyboard.press('j');
    await page.keyboard.press('k');
    await page.keyboard.press('Enter');
    await page.waitForURL('**/functions/*');
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox', { name: 'Find' }).fill('order-s');
    await page.keyboard.press('Enter');
    await page.waitForURL('**/machines/order-saga');
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Keys' }).waitFor();
    await page.keyboard.press('Escape');
  });
});
