#!/usr/bin/env node
// What the dashboard costs the person who looks: node web/tools/measure.mjs
// Starts a server with the samples, then measures the first screen, what moves while it loads, and frames while 100 calls
// a second come in. Figures of one machine; run it when nothing else runs.
import { launch, startServer } from '../tests/harness.mjs';
import { seedGreeter } from '../tests/seed.mjs';
import { settle } from '../tests/screens.mjs';
import { logIn } from './browser.mjs';

const callsPerSecond = 100;
const streamedMilliseconds = 8000;

const server = await startServer({ samples: true });
const browser = await launch();
try {
  seedGreeter(server);
  const page = await logIn(browser, server.dataFolder);
  const first = [];
  for (let round = 0; round < 5; round++) {
    await page.goto(`${server.address}/`);
    await settle(page);
    first.push(await page.evaluate(readLoading));
  }
  console.log('first screen, ms to the last large paint:', first.map((each) => Math.round(each.paint)).join(' '));
  console.log('layout shift:', first.map((each) => each.shift.toFixed(3)).join(' '));
  for (const path of ['/invocations', '/logs', '/functions']) {
    await page.goto(server.address + path);
    await settle(page);
    const stop = call(`${server.address}/fn/greeter/`);
    const frames = await page.evaluate(readFrames, streamedMilliseconds);
    const calls = await stop();
    frames.sort((a, b) => a - b);
    const at = (share) => frames[Math.floor((frames.length - 1) * share)].toFixed(1);
    const perSecond = (calls / streamedMilliseconds) * 1000;
    console.log(
      `${path}: ${perSecond.toFixed(0)} calls/s, frames of ${at(0.5)} ms (p95 ${at(0.95)}, p99 ${at(0.99)}, longest ${at(1)})`,
    );
  }
} finally {
  await browser.close();
  await server.stop();
}

/** Calls a function at a steady rate; the answer ends it and tells how many calls there were. */
function call(address) {
  let calls = 0;
  const timer = setInterval(() => {
    for (let each = 0; each < callsPerSecond / 20; each++) {
      fetch(address).then(
        (answer) => {
          calls++;
          void answer.arrayBuffer();
        },
        () => {},
      );
    }
  }, 50);
  return async () => {
    clearInterval(timer);
    return calls;
  };
}

/** In the page: when the largest thing was painted, and how much moved. */
async function readLoading() {
  const read = (type) =>
    new Promise((resolve) => {
      const entries = [];
      new PerformanceObserver((list) => entries.push(...list.getEntries())).observe({ type, buffered: true });
      setTimeout(() => resolve(entries), 300);
    });
  const [paints, shifts] = await Promise.all([read('largest-contentful-paint'), read('layout-shift')]);
  return { paint: paints.at(-1)?.startTime ?? NaN, shift: shifts.reduce((sum, each) => sum + each.value, 0) };
}

/** In the page: the time between frames. */
function readFrames(milliseconds) {
  return new Promise((resolve) => {
    const frames = [];
    const begin = performance.now();
    let last = begin;
    requestAnimationFrame(function frame(now) {
      frames.push(now - last);
      last = now;
      if (now - begin < milliseconds) requestAnimationFrame(frame);
      else resolve(frames.slice(1));
    });
  });
}
