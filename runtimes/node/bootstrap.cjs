'use strict';
// The Node.js shim's start file: connects to the host, says Hello, and hands frames to the environment.

const net = require('node:net');
const { Environment } = require('./environment.cjs');
const { FrameReader, FrameWriter, Kind } = require('./frames.cjs');

const READ_BYTES = 64 * 1024;
const PROTOCOL_VERSION = 1;
/** A generic environment that has waited this long for its function uses the wait to load what it will need. */
const IDLE_MILLISECONDS = 10;

const path = process.env.LAMBENT_SOCKET;
delete process.env.LAMBENT_SOCKET;
if (!path) {
  process.stderr.write('LAMBENT_SOCKET is not set: this program is started by the Lambent host.\n');
  process.exit(2);
}

/** Without the host nobody can be answered, and what is left to do would be work for nobody. */
const leave = () => process.exit(0);

let environment = null;
let rehearsal;
const reader = new FrameReader(onFrame, leave);
const socket = net.createConnection({
  path,
  onread: {
    buffer: Buffer.allocUnsafeSlow(READ_BYTES),
    callback: (length, buffer) => reader.take(buffer, length),
  },
});
socket.on('error', leave);
socket.on('end', leave);
socket.on('close', leave);
socket.once('connect', () => {
  const writer = new FrameWriter(socket, leave);
  environment = new Environment(socket, writer);
  const hello = { protocol: PROTOCOL_VERSION, runtime: 'node', version: process.versions.node };
  writer.text(Kind.HELLO, 0, 0, JSON.stringify(hello));
  writer.flush();
  rehearsal = setTimeout(() => require('./rehearsal.cjs').rehearse(), IDLE_MILLISECONDS);
});

/** Returns false for what a host that keeps to the protocol does not send. */
function onFrame(kind, callId, buffer, start, end) {
  switch (kind) {
    case Kind.INVOKE: return environment.invoke(callId, buffer, start, end);
    case Kind.SPECIALIZE:
      clearTimeout(rehearsal);
      return environment.specialize(buffer.toString('utf8', start, end));
    case Kind.CANCEL: return environment.cancel(callId);
    case Kind.WINDOW: return environment.widenWindow(callId, buffer, start, end);
    case Kind.BODY_CHUNK: return environment.takeBody(callId, buffer.subarray(start, end));
    case Kind.BODY_END: return environment.endBody(callId, buffer.toString('utf8', start, end));
    case Kind.SHUTDOWN: return leave();
    default: return true;
  }
}
