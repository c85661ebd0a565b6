// How many calls a second one environment answers: node bench.mjs RUNTIME HANDLER_FOLDER HANDLER [SECONDS]
// The host here is one Node process that does nothing but count, so it takes a core beside the shim's.

import { FakeHost, HEADER_BYTES, Kind, frame, invokePayload } from './fakeHost.mjs';

const [runtime, taskRoot, handler, seconds = '2'] = process.argv.slice(2);

async function measure(concurrency, inFlight, milliseconds) {
  const host = await FakeHost.start(runtime);
  const error = await host.specialize(taskRoot, handler, { concurrency });
  if (error !== null) throw new Error(JSON.stringify(error));
  const socket = host.socket;
  socket.removeAllListeners('data');
  const request = frame(Kind.INVOKE, 0, invokePayload({ key1: 'value1', key2: 'value2', key3: 'value3' }));
  let answered = 0;
  let errors = 0;
  let carry = Buffer.alloc(0);
  let running = true;
  const ask = (callId, batch) => {
    const copy = Buffer.from(request);
    copy.writeUInt32LE(callId, 8);
    batch.push(copy);
  };
  socket.on('data', (bytes) => {
    const data = carry.length === 0 ? bytes : Buffer.concat([carry, bytes]);
    const batch = [];
    let position = 0;
    while (data.length - position >= HEADER_BYTES) {
      const end = position + HEADER_BYTES + data.readUInt32LE(position);
      if (end > data.length) break;
      if (data[position + 4] !== Kind.LOG) {
        if (data[position + 4] !== Kind.RESPONSE) errors++;
        answered++;
        if (running) ask(data.readUInt32LE(position + 8), batch);
      }
      position = end;
    }
    carry = data.subarray(position);
    if (batch.length > 0) socket.write(Buffer.concat(batch));
  });
  const first = [];
  for (let id = 1; id <= inFlight; id++) ask(id, first);
  socket.write(Buffer.concat(first));
  await new Promise((resolve) => setTimeout(resolve, milliseconds / 3));
  const start = process.hrtime.bigint();
  const before = answered;
  await new Promise((resolve) => setTimeout(resolve, milliseconds));
  const elapsed = Number(process.hrtime.bigint() - start) / 1e9;
  running = false;
  const rate = Math.round((answered - before) / elapsed);
  await host.stop();
  return { concurrency, inFlight, callsPerSecond: rate, errors };
}

for (const [concurrency, inFlight] of [[1, 1], [64, 1], [64, 64]]) {
  console.log(runtime, JSON.stringify(await measure(concurrency, inFlight, Number(seconds) * 1000)));
}
