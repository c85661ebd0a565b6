// A server of its own for each file of tests, with data to look at, and a browser that is logged in.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { hasBrowser, lambent, launch, logIn, program } from '../tools/browser.mjs';

export { lambent };

const here = dirname(fileURLToPath(import.meta.url));
const home = join(here, '../..');

/** Why these tests cannot run here, or false. */
export const missing = !hasBrowser
  ? 'there is no chromium: apt-get install chromium'
  : !program && 'the program is not built';

/** Where pictures of screens go; outside of the tree. */
export const pictures = process.env.LAMBENT_PICTURES ?? join(tmpdir(), 'lambent-pictures');

/** Starts a server on a free port in a temporary folder. With samples it is ready when all of them were called. */
export async function startServer({ samples = false } = {}) {
  const dataFolder = mkdtempSync(join(tmpdir(), 'lambent-web-'));
  const words = ['up', '--port', '0', '--data', dataFolder, '--json', ...(samples ? [] : ['--no-samples'])];
  const server = spawn(program, words, {
    env: { ...process.env, LAMBENT_HOME: home },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const errors = [];
  server.stderr.on('data', (chunk) => errors.push(chunk));
  const ended = new Promise((resolve) => server.once('exit', resolve));
  let address = null;
  let waitingFor = samples ? 7 : 0;
  const ready = new Promise((resolve, reject) => {
    ended.then((code) => reject(new Error(`The server ended with ${code}: ${Buffer.concat(errors)}`)));
    createInterface({ input: server.stdout }).on('line', (line) => {
      const event = JSON.parse(line);
      if (event.event === 'ready') address = event.url;
      if (event.event === 'sample') waitingFor--;
      if (address && waitingFor <= 0) resolve();
    });
  });
  await ready;
  return {
    address,
    dataFolder,
    run: (...words) => lambent(dataFolder, ...words),
    stop: async () => {
      server.kill('SIGTERM');
      await ended;
      rmSync(dataFolder, { recursive: true, force: true });
    },
  };
}

/** A logged-in page that remembers what went wrong in it: errors, refusals of the content policy, dialogs. */
export async function openPage(browser, server, options = {}) {
  const page = await logIn(browser, server.dataFolder, options);
  const wrong = [];
  page.on('pageerror', (error) => wrong.push(`error: ${error.message}`));
  page.on('dialog', (dialog) => {
    wrong.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on('console', (message) => {
    if (message.type() === 'error' && !/Failed to load resource/.test(message.text()))
      wrong.push(`console: ${message.text()}`);
  });
  page.on('request', (request) => {
    if (!request.url().startsWith(server.address) && !/^(data|blob):/.test(request.url()))
      wrong.push(`request: ${request.url()}`);
  });
  return { page, wrong, go: (path) => page.goto(server.address + path) };
}

export { launch };
