// Text that others wrote stays text: markup and scripts in every field that is shown, under the page's own policy.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { launch, missing, openPage, startServer } from './harness.mjs';
import { payload, seedGreeter, seedHostile } from './seed.mjs';
import { screensOf, settle } from './screens.mjs';

describe('hostile text', { skip: missing }, () => {
  let server, browser, tab;

  before(async () => {
    server = await startServer();
    seedGreeter(server);
    seedHostile(server);
    browser = await launch();
    tab = await openPage(browser, server);
  });
  after(async () => {
    await browser?.close();
    await server?.stop();
  });

  test('is inert on every screen', async (t) => {
    const more = [
      ['hostile-function', '/functions/hostile?tab=configuration'],
      ['hostile-logs', '/logs?function=hostile'],
      ['hostile-queue', '/queues/hostile'],
      ['hostile-schedule', '/schedules/default/hostile'],
      ['hostile-machine', '/machines/hostile'],
      ['hostile-designer', '/machines/hostile/edit'],
    ];
    for (const [name, path] of [...screensOf(server), ...more]) {
      await t.test(name, async () => {
        tab.wrong.length = 0;
        await tab.go(path);
        await settle(tab.page);
        assert.equal(await tab.page.evaluate(() => window.__xss), undefined);
        assert.equal(await tab.page.locator('img[src="x"]').count(), 0);
        assert.deepEqual(tab.wrong, []);
      });
    }
  });

  test('is shown as it is, with signs for what cannot be seen', async () => {
    await tab.go('/logs?function=hostile');
    await tab.page.getByText('<img src=x onerror').first().waitFor();
    assert.ok((await tab.page.locator('main').innerText()).includes('␛[31mred'), payload);
  });

  test('in an address is text too', async () => {
    for (const path of [
      '/functions/<img src=x onerror=window.__xss=5>',
      '/queues/%3Cscript%3E',
      '/logs?grep=<img src=x>',
      '/%1b%5b31m',
    ]) {
      tab.wrong.length = 0;
      await tab.go(path);
      await tab.page.locator('main h1, main [role=alert]').first().waitFor();
      assert.equal(await tab.page.evaluate(() => window.__xss), undefined);
      assert.deepEqual(tab.wrong, []);
    }
  });
});
