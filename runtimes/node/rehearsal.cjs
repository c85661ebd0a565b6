'use strict';
// A generic environment waits for its function. Meanwhile one call goes through the whole shim, with no host on the
// other side, so that what every first call needs is loaded and compiled by the time the function comes: Node's ES
// module loader, the way from frame to handler and back.

const fs = require('node:fs');
const { Environment } = require('./environment.cjs');
const { FrameReader, FrameWriter, Kind } = require('./frames.cjs');
const { loadHandler } = require('./handler.cjs');

const CALL_ID = 1;
const SETTINGS = {
  handler: 'rehearsed.handler', taskRoot: __dirname, functionName: '', functionVersion: '', memoryMegabytes: 128,
  logGroup: '', logStream: '', logFormat: 'Text', concurrency: 1, responseBytesMax: 1024, streamWindowBytes: 1024,
  variables: {},
};

/** Looks like the connection to the host, and takes everything. */
class Nowhere {
  #descriptor = fs.openSync('/dev/null', 'w');
  _handle = { fd: this.#descriptor };
  writableLength = 0;

  ref() {}

  unref() {}

  write() {}

  close() {
    fs.closeSync(this.#descriptor);
  }
}

async function rehearse() {
  const nowhere = new Nowhere();
  try {
    await loadHandler(__dirname, 'rehearsedRequire.handler');
    delete require.cache[require.resolve('./rehearsedRequire.cjs')];
    const handler = await loadHandler(__dirname, SETTINGS.handler);
    const environment = new Environment(nowhere, new FrameWriter(nowhere, () => {}));
    environment.rehearse(JSON.parse(JSON.stringify(SETTINGS)), handler);
    const reader = new FrameReader(
      (kind, id, buffer, start, end) => environment.invoke(id, buffer, start, end), () => {});
    const frame = invokeFrame();
    reader.take(frame, frame.length);
    // The answer is a promise's.
    await new Promise((resolve) => { setImmediate(resolve); });
  } catch {
    // A rehearsal that fails has cost time and nothing else; the function's own call will tell.
  } finally {
    nowhere.close();
  }
}

function invokeFrame() {
  const requestId = '00000000-0000-7000-8000-000000000000';
  const payload = Buffer.alloc(20 + requestId.length + 2);
  payload.writeUInt16LE(requestId.length, 8);
  payload.write(`${requestId}{}`, 20);
  const frame = Buffer.alloc(12 + payload.length);
  frame.writeUInt32LE(payload.length, 0);
  frame[4] = Kind.INVOKE;
  frame.writeUInt32LE(CALL_ID, 8);
  payload.copy(frame, 12);
  return frame;
}

module.exports = { rehearse };
