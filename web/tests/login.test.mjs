// Logging in, staying logged in, and who is kept out.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { createServer } from 'node:http';
import { launch, missing, startServer } from './harness.mjs';
import { loginAddress, logIn } from '../tools/browser.mjs';

describe('logging in', { skip: missing }, () => {
  let server, browser;

  before(async () => {
    server = await startServer();
    browser = await launch();
  });
  after(async () => {
    await browser?.close();
    await server?.stop();
  });

  test('a token is good once, and leaves no trace in the address', async () => {
    const address = loginAddress(server.dataFolder);
    const first = await (await browser.newContext()).newPage();
    await first.goto(address);
    await first.getByRole('navigation', { name: 'Screens' }).waitFor();
    assert.equal(new URL(first.url()).hash, '');
    const second = await (await browser.newContext()).newPage();
    await second.goto(address);
    await second.getByRole('alert').waitFor();
    assert.equal(await second.getByRole('navigation', { name: 'Screens' }).count(), 0);
  });

  test('a link with a token does not replace a session unasked', async () => {
    const page = await logIn(browser, server.dataFolder);
    await page.goto('about:blank');
    await page.goto(loginAddress(server.dataFolder));
    await page.getByText('You are logged in to the account').waitFor();
    await page.getByRole('link', { name: 'Keep it' }).click();
    await page.getByRole('navigation', { name: 'Screens' }).waitFor();
  });

  test('who is not logged in comes to where they wanted to go', async () => {
    const page = await (await browser.newContext()).newPage();
    await page.goto(`${server.address}/queues`);
    await page.getByLabel('Token or address').fill(loginAddress(server.dataFolder));
    await page.getByRole('button', { name: 'Log in' }).click();
    await page.waitForURL('**/queues');
  });

  test('a session lasts over a reload and is shared by tabs, but its cookie alone is worth nothing', async () => {
    const page = await logIn(browser, server.dataFolder);
    await page.reload();
    await page.getByRole('navigation', { name: 'Screens' }).waitFor();
    const [cookie] = await page.context().cookies(`${server.address}/v1/sessions`);
    assert.equal(cookie.httpOnly, true);
    assert.equal(cookie.sameSite, 'Strict');
    const thief = await browser.newContext();
    await thief.addCookies([cookie]);
    const stolen = await thief.newPage();
    await stolen.goto(server.address);
    await stolen.waitForURL('**/login');
  });

  test('after logging out nothing of it works', async () => {
    const page = await logIn(browser, server.dataFolder);
    const signed = page.waitForRequest((request) => request.url().includes('/v1/') && request.headers().authorization);
    await page.goto(`${server.address}/functions`);
    const headers = (await signed).headers();
    await page.evaluate(async () => {
      const proof = localStorage.getItem('lambent-proof');
      await fetch('/v1/sessions/current', {
        method: 'DELETE',
        headers: { 'content-type': 'application/json', 'x-lambent-proof': proof },
      });
    });
    const again = await fetch(`${server.address}/v1/status`, { headers });
    assert.equal(again.status, 403);
    await page.reload();
    await page.waitForURL('**/login');
  });

  test('another origin can neither frame the page nor ask in its name', async () => {
    const page = await logIn(browser, server.dataFolder);
    const other = createServer((_, answer) => {
      answer.setHeader('content-type', 'text/html');
      answer.end(`<iframe src="${server.address}/"></iframe>`);
    });
    await new Promise((resolve) => other.listen(0, '127.0.0.1', resolve));
    try {
      const hostile = await page.context().newPage();
      await hostile.goto(`http://127.0.0.1:${other.address().port}/`);
      const framed = hostile.frames().find((frame) => frame !== hostile.mainFrame());
      assert.equal(await framed?.evaluate(() => document.querySelector('#root')).catch(() => null), null);
      const outcome = await hostile.evaluate(async (address) => {
        try {
          const answer = await fetch(`${address}/v1/sessions/current/credentials`, {
            method: 'POST',
            credentials: 'include',
            headers: { 'content-type': 'text/plain' },
            body: '{}',
          });
          return answer.status;
        } catch {
          return 'refused';
        }
      }, server.address);
      assert.equal(outcome, 'refused');
    } finally {
      other.close();
    }
  });

  test('pages are sent with the strict policy', async () => {
    const answer = await fetch(server.address, { headers: { accept: 'text/html' } });
    const policy = answer.headers.get('content-security-policy');
    assert.match(policy, /default-src 'none'/);
    assert.match(policy, /script-src 'self';/);
    assert.match(policy, /frame-ancestors 'none'/);
    assert.doesNotMatch(policy, /unsafe/);
    assert.equal(answer.headers.get('x-frame-options'), 'DENY');
    assert.equal((await fetch(`${server.address}/assets/none.js`)).status, 404);
    assert.equal((await fetch(`${server.address}/functions`, { headers: { accept: 'application/json' } })).status, 404);
  });
});
