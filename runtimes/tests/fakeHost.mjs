// A host without a sandbox: starts a shim, speaks the frame protocol to it and remembers what it says.

import { spawn } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const HEADER_BYTES = 12;
export const Kind = {
  SPECIALIZE: 0x01, INVOKE: 0x02, CANCEL: 0x03, SHUTDOWN: 0x04,
  WINDOW: 0x05, BODY_CHUNK: 0x06, BODY_END: 0x07,
  HELLO: 0x81, READY: 0x82, INIT_ERROR: 0x83, RESPONSE: 0x84, ERROR: 0x85,
  STREAM_START: 0x86, STREAM_CHUNK: 0x87, STREAM_END: 0x88, LOG: 0x89,
  BODY_WINDOW: 0x8b, LOG_DROPPED: 0x8c,
};
export const RESPONSE_BYTES_MAX = 6_291_556;
export const STREAM_WINDOW_BYTES = 256 * 1024;
const ANSWERS = new Set([Kind.RESPONSE, Kind.ERROR, Kind.STREAM_END]);

const runtimesFolder = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
export const commands = {
  node: [process.env.LAMBENT_TEST_NODE ?? process.execPath, path.join(runtimesFolder, 'node/bootstrap.cjs')],
  python: [process.env.LAMBENT_TEST_PYTHON ?? '/usr/bin/python3', path.join(runtimesFolder, 'python/bootstrap.py')],
  dotnet: ['dotnet', path.join(runtimesFolder, 'dotnet/bin/Release/net10.0/Lambent.Runtime.Dotnet.dll')],
};

export function frame(kind, callId, payload = Buffer.alloc(0), flags = 0) {
  const bytes = Buffer.isBuffer(payload) ? payload : Buffer.from(payload);
  const header = Buffer.alloc(HEADER_BYTES);
  header.writeUInt32LE(bytes.length, 0);
  header[4] = kind;
  header[5] = flags;
  header.writeUInt32LE(callId, 8);
  return Buffer.concat([header, bytes]);
}

export function invokePayload(event, options = {}) {
  const texts = [
    options.requestId ?? '00000000-0000-4000-8000-000000000001',
    options.arn ?? 'arn:aws:lambda:us-east-1:000000000000:function:hello',
    options.trace ?? '',
    options.clientContext ?? '',
  ].map((text) => Buffer.from(text));
  const head = Buffer.alloc(20);
  head.writeBigInt64LE(BigInt(options.deadline ?? Date.now() + 3000), 0);
  head.writeUInt16LE(texts[0].length, 8);
  head.writeUInt16LE(texts[1].length, 10);
  head.writeUInt16LE(texts[2].length, 12);
  head.writeUInt16LE(options.bodyFollows ? 1 : 0, 14);
  head.writeUInt32LE(texts[3].length, 16);
  const body = Buffer.isBuffer(event) ? event : Buffer.from(JSON.stringify(event));
  return Buffer.concat([head, ...texts, body]);
}

/** One environment. Everything it starts is ended by `stop`. */
export class FakeHost {
  hello = null;
  /** Log text by call id; 0 is outside any call. */
  logs = new Map();
  /** Frames by call id, in order, without logs. */
  frames = new Map();
  logBytes = 0;
  droppedLines = 0;
  droppedBytes = 0;
  output = '';
  paused = false;
  /** Whether each chunk of a stream is taken at once. */
  takesChunks = true;
  #calls = new Map();
  #nextCallId = 1;
  #waiters = [];
  #received = Buffer.alloc(0);

  static async start(runtime, { environment = {} } = {}) {
    const host = new FakeHost();
    host.folder = fs.mkdtempSync(path.join(os.tmpdir(), 'lambent-shim-'));
    const socketPath = path.join(host.folder, 'frames.sock');
    const server = net.createServer();
    await new Promise((resolve) => server.listen(socketPath, resolve));
    const [program, ...rest] = commands[runtime];
    host.process = spawn(program, rest, {
      env: { PATH: process.env.PATH, LAMBENT_SOCKET: socketPath, ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    host.process.stdout.on('data', (bytes) => { host.output += bytes; });
    host.process.stderr.on('data', (bytes) => { host.output += bytes; });
    host.exited = new Promise((resolve) => {
      host.process.once('exit', (code, signal) => resolve(signal ?? code));
    });
    const connected = new Promise((resolve) => server.once('connection', resolve));
    host.socket = await Promise.race([connected, host.exited.then((code) => {
      throw new Error(`The shim ended with ${code} before it connected: ${host.output}`);
    })]);
    server.close();
    host.socket.on('data', (bytes) => host.#receive(bytes));
    host.socket.on('error', () => {});
    host.socket.on('close', () => host.#wake());
    await host.#until(() => host.hello !== null);
    return host;
  }

  /** Sends Specialize and returns null when Ready, otherwise the error object. */
  async specialize(taskRoot, handler, settings = {}) {
    this.socket.write(frame(Kind.SPECIALIZE, 0, JSON.stringify({
      handler,
      taskRoot,
      functionName: 'hello',
      functionVersion: '$LATEST',
      memoryMegabytes: 128,
      logGroup: '/aws/lambda/hello',
      logStream: '2026/11/21/[$LATEST]0123456789abcdef',
      logFormat: 'Text',
      concurrency: 1,
      responseBytesMax: RESPONSE_BYTES_MAX,
      streamWindowBytes: STREAM_WINDOW_BYTES,
      variables: { TABLE: 'orders' },
      ...settings,
    })));
    await this.#until(() => this.ready || this.initError);
    return this.initError ?? null;
  }

  /** Makes a call; resolves to how it was answered. */
  invoke(event, options = {}) {
    const callId = this.#nextCallId++;
    const answer = new Promise((resolve, reject) => this.#calls.set(callId, { resolve, reject }));
    this.socket.write(frame(Kind.INVOKE, callId, invokePayload(event, options)));
    answer.callId = callId;
    return answer;
  }

  /** Lets a streaming handler send so many bytes more. */
  widen(callId, bytes) {
    const payload = Buffer.alloc(4);
    payload.writeUInt32LE(bytes);
    this.socket.write(frame(Kind.WINDOW, callId, payload));
  }

  /** The bytes of the request's body that the handler has read of a call. */
  bodyRead(callId) {
    return (this.frames.get(callId) ?? []).filter(({ kind }) => kind === Kind.BODY_WINDOW)
      .reduce((sum, { bytes }) => sum + bytes.readUInt32LE(), 0);
  }

  /** The bytes of the streamed response that came of a call. */
  streamed(callId) {
    return (this.frames.get(callId) ?? []).filter(({ kind }) => kind === Kind.STREAM_CHUNK)
      .reduce((sum, { bytes }) => sum + bytes.length, 0);
  }

  /** The text the call has logged so far. */
  log(callId) {
    return this.logs.get(callId) ?? '';
  }

  until(condition) {
    return this.#until(condition);
  }

  async stop() {
    this.socket?.destroy();
    const status = await this.exited;
    fs.rmSync(this.folder, { recursive: true, force: true });
    return status;
  }

  #receive(bytes) {
    this.#received = this.#received.length === 0 ? bytes : Buffer.concat([this.#received, bytes]);
    let position = 0;
    while (this.#received.length - position >= HEADER_BYTES) {
      const length = this.#received.readUInt32LE(position);
      const end = position + HEADER_BYTES + length;
      if (end > this.#received.length) break;
      this.#frame(this.#received[position + 4], this.#received[position + 5],
        this.#received.readUInt32LE(position + 8), this.#received.subarray(position + HEADER_BYTES, end));
      position = end;
    }
    this.#received = this.#received.subarray(position);
    this.#wake();
  }

  #frame(kind, flags, callId, payload) {
    if (kind === Kind.HELLO) this.hello = JSON.parse(payload);
    else if (kind === Kind.READY) this.ready = true;
    else if (kind === Kind.INIT_ERROR) this.initError = JSON.parse(payload);
    else if (kind === Kind.LOG) {
      this.logBytes += payload.length;
      if (payload.length === 0 || payload.at(-1) !== 10) this.brokenLog = payload.toString();
      // A flood is counted, not kept.
      if (this.logBytes < 4_000_000) this.logs.set(callId, this.log(callId) + payload.toString());
    } else if (kind === Kind.LOG_DROPPED) {
      this.droppedLines += Number(payload.readBigUInt64LE(0));
      this.droppedBytes += Number(payload.readBigUInt64LE(8));
    } else {
      const list = this.frames.get(callId) ?? [];
      list.push({ kind, flags, text: payload.toString(), bytes: Buffer.from(payload) });
      if (kind === Kind.STREAM_CHUNK && this.takesChunks) this.widen(callId, payload.length);
      this.frames.set(callId, list);
    }
    if (ANSWERS.has(kind)) {
      const text = payload.toString();
      const call = this.#calls.get(callId);
      this.#calls.delete(callId);
      call?.resolve({
        kind, callId, text, log: this.log(callId), frames: this.frames.get(callId),
        json: text === '' ? undefined : tryParse(text),
      });
    }
  }

  #wake() {
    if (this.socket.destroyed) {
      for (const { reject } of this.#calls.values()) reject(new Error('The connection closed'));
      this.#calls.clear();
    }
    this.#waiters = this.#waiters.filter(({ condition, resolve, reject }) => {
      if (condition()) resolve();
      else if (this.socket.destroyed) reject(new Error(`The connection closed: ${this.output}`));
      else return true;
      return false;
    });
  }

  #until(condition) {
    if (condition()) return Promise.resolve();
    return new Promise((resolve, reject) => this.#waiters.push({ condition, resolve, reject }));
  }
}

function tryParse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
