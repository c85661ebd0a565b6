// What the tests of the shims share: an environment for one test, the calls in it, and the packages they call.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { FakeHost, Kind, STREAM_WINDOW_BYTES, commands, frame } from './fakeHost.mjs';

export const here = path.dirname(fileURLToPath(import.meta.url));
const dotnetFolder = path.join(here, 'dotnet/Functions/bin/Release/net10.0');
export const REQUEST_ID = '00000000-0000-4000-8000-000000000001';
export const TIME = String.raw`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z`;

export const inDotnet = (method) => `Functions::Functions.Handlers::${method}`;
/** The same handlers in each language. */
export const runtimes = {
  node: { folder: path.join(here, 'node'), handler: (name) => `index.${name}`, echo: 'echo' },
  python: { folder: path.join(here, 'python'), handler: (name) => `functions.${name}`, echo: 'echo' },
  dotnet: {
    folder: dotnetFolder,
    handler: (name) => inDotnet({ echo: 'Element' }[name] ?? name[0].toUpperCase() + name.slice(1)),
  },
};

function buildIfOlder(project, output) {
  const folder = path.dirname(project);
  const newest = Math.max(...fs.readdirSync(folder, { recursive: true })
    .filter((name) => /\.cs(proj)?$/.test(name) && !/^(bin|obj)\//.test(name))
    .map((name) => fs.statSync(path.join(folder, name)).mtimeMs));
  if (fs.existsSync(output) && fs.statSync(output).mtimeMs >= newest) return;
  // Test files run in processes of their own; only one of them may build at a time.
  execFileSync('flock', [path.join(os.tmpdir(), 'lambent-shim-tests.lock'), 'dotnet', 'build', project,
    '-c', 'Release', '-v', 'q'], { stdio: ['ignore', 'ignore', 'inherit'] });
  fs.utimesSync(output, new Date(), new Date());
}

/** Runs `body` with a specialized environment and stops it whatever happens. */
export async function withEnvironment(runtime, handlerName, settings, body) {
  const { folder, handler } = runtimes[runtime];
  const host = await FakeHost.start(runtime);
  try {
    const error = await host.specialize(folder, settings.handler ?? handler(handlerName), settings);
    assert.equal(error, null);
    await body(host);
    assert.equal(host.brokenLog, undefined, 'every log frame ends with a newline');
  } finally {
    await host.stop();
  }
}

/** Makes one call in an environment of its own. */
export async function callOnce(runtime, handlerName, event = {}, settings = {}, options = {}) {
  let answer;
  await withEnvironment(runtime, handlerName, settings, async (host) => {
    answer = await host.invoke(event, options);
    answer.host = host;
  });
  return answer;
}

export async function initError(runtime, handler, settings = {}) {
  const host = await FakeHost.start(runtime);
  try {
    const error = await host.specialize(runtimes[runtime].folder, handler, settings);
    assert.equal(await host.exited, 1);
    return { error, log: host.log(0) };
  } finally {
    await host.stop();
  }
}

export function assertMatches(text, ...patterns) {
  for (const pattern of patterns) assert.match(text, new RegExp(pattern));
}

/** Sends the body of a call as a host does, which never sends more than the window before it was read. */
export async function sendBody(host, callId, bytes) {
  const part = Buffer.alloc(60_000, 'body');
  const hash = createHash('sha256');
  for (let sent = 0; sent < bytes; sent += part.length) {
    await host.until(() => sent + part.length - host.bodyRead(callId) <= STREAM_WINDOW_BYTES);
    hash.update(part);
    host.socket.write(frame(Kind.BODY_CHUNK, callId, part));
  }
  host.socket.write(frame(Kind.BODY_END, callId));
  return { bytes, sha256: hash.digest('hex') };
}

/** Builds the .NET shim and the package its tests call when their sources are newer. */
export function buildDotnet() {
  buildIfOlder(path.join(here, '../dotnet/Runtime.Dotnet.csproj'), commands.dotnet[1]);
  buildIfOlder(path.join(here, 'dotnet/Functions/Functions.csproj'), path.join(dotnetFolder, 'Functions.dll'));
}
