// An empty durable handler, and how often it has run: node durable.mjs SERVICE_PORT COUNT_PORT
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

// The SDK asks for Node 22 because of this one function; with it, it runs on Node 20 too.
Promise.withResolvers ??= function withResolvers() {
  let resolve;
  let reject;
  const promise = new this((fulfil, fail) => { resolve = fulfil; reject = fail; });
  return { promise, resolve, reject };
};

const packages = createRequire(`${process.env.PEER_PACKAGES}/`);
const restate = await import(pathToFileURL(packages.resolve('@restatedev/restate-sdk')));
const { service, serve } = restate.service ? restate : restate.default;
const [servicePort, countPort] = process.argv.slice(2).map(Number);
let executed = 0;
const bench = service({
  name: 'bench',
  handlers: {
    empty: async () => { executed++; },
    // Each step is recorded before the next one begins.
    steps: async (context, count) => {
      let sum = 0;
      for (let step = 0; step < count; step++) sum += await context.run(`step ${step}`, () => step);
      executed++;
      return sum;
    },
  },
});
await serve({ services: [bench], port: servicePort });
createServer((request, response) => response.end(String(executed)))
  .listen(countPort, '127.0.0.1', () => console.log('ready'));
