'use strict';
// The frame protocol's two directions (docs/reference/frame-protocol.md). Both are written for the hot path: frames
// are parsed where the kernel put them and answers are gathered in one buffer, so a call costs no Buffer of its own.

// Taken before user code can replace it.
const { writeSync } = require('node:fs');
const { now } = require('./logBudget.cjs');

const HEADER_BYTES = 12;
const PAYLOAD_BYTES_MAX = 8 * 1024 * 1024;
const GATHER_BYTES = 64 * 1024;
const CHUNK_BYTES_MAX = 1024 * 1024;
/** A log frame of a whole line; longer lines are cut, as the log's own limit would do. */
const LOG_BYTES_MAX = 256 * 1024;
/** The payload of LogDropped: lines, bytes. */
const DROPPED_BYTES = 16;
/** While lines are dropped without an end the host is told at this pace. */
const DROPPED_REPORT_MILLISECONDS = 1000;
/** Log bytes that may wait behind an answer the host has not taken yet; above it lines are dropped and counted. */
const LOG_PENDING_BYTES_MAX = 1024 * 1024;

const Kind = Object.freeze({
  SPECIALIZE: 0x01, INVOKE: 0x02, CANCEL: 0x03, SHUTDOWN: 0x04,
  WINDOW: 0x05, BODY_CHUNK: 0x06, BODY_END: 0x07,
  HELLO: 0x81, READY: 0x82, INIT_ERROR: 0x83, RESPONSE: 0x84, ERROR: 0x85,
  STREAM_START: 0x86, STREAM_CHUNK: 0x87, STREAM_END: 0x88, LOG: 0x89,
  BODY_WINDOW: 0x8b, LOG_DROPPED: 0x8c,
});

/** Cuts the byte stream into frames. `onFrame(kind, callId, buffer, start, end)` must not keep the buffer. */
class FrameReader {
  #onFrame;
  #onBroken;
  /** A frame that did not come in one piece: its header, then header and payload, and the bytes had of it. */
  #partial = null;
  #partialLength = 0;
  #headerSpace = Buffer.allocUnsafeSlow(HEADER_BYTES);

  constructor(onFrame, onBroken) {
    this.#onFrame = onFrame;
    this.#onBroken = onBroken;
  }

  /** Takes `length` bytes from the start of `chunk`. Returns false once the stream made no sense. */
  take(chunk, length) {
    let position = 0;
    if (this.#partial !== null) {
      position = this.#completePartial(chunk, length);
      if (position < 0) return false;
    }
    while (length - position >= HEADER_BYTES) {
      const payloadLength = chunk.readUInt32LE(position);
      if (payloadLength > PAYLOAD_BYTES_MAX) return this.#break();
      const start = position + HEADER_BYTES;
      const end = start + payloadLength;
      if (end > length) break;
      if (this.#onFrame(chunk[position + 4], chunk.readUInt32LE(position + 8), chunk, start, end) === false) {
        return this.#break();
      }
      position = end;
    }
    if (position < length) this.#keepPartial(chunk, position, length);
    return true;
  }

  #keepPartial(chunk, position, length) {
    const had = length - position;
    const needed = had < HEADER_BYTES ? HEADER_BYTES : HEADER_BYTES + chunk.readUInt32LE(position);
    this.#partial = needed === HEADER_BYTES ? this.#headerSpace : Buffer.allocUnsafeSlow(needed);
    chunk.copy(this.#partial, 0, position, length);
    this.#partialLength = had;
  }

  /** Returns how much of the chunk belonged to the partial frame, or -1 when the stream is broken. */
  #completePartial(chunk, length) {
    let position = this.#fillPartial(chunk, 0, length);
    if (this.#partialLength < this.#partial.length) return position;
    if (this.#partial === this.#headerSpace) {
      const payloadLength = this.#headerSpace.readUInt32LE(0);
      if (payloadLength > PAYLOAD_BYTES_MAX) {
        this.#break();
        return -1;
      }
      this.#partial = Buffer.allocUnsafeSlow(HEADER_BYTES + payloadLength);
      this.#headerSpace.copy(this.#partial);
      position = this.#fillPartial(chunk, position, length);
      if (this.#partialLength < this.#partial.length) return position;
    }
    const frame = this.#partial;
    this.#partial = null;
    if (this.#onFrame(frame[4], frame.readUInt32LE(8), frame, HEADER_BYTES, frame.length) === false) {
      this.#break();
      return -1;
    }
    return position;
  }

  #fillPartial(chunk, position, length) {
    const end = Math.min(length, position + this.#partial.length - this.#partialLength);
    chunk.copy(this.#partial, this.#partialLength, position, end);
    this.#partialLength += end - position;
    return end;
  }

  #break() {
    this.#onBroken();
    return false;
  }
}

/**
 * Writes frames. Small ones gather in one buffer until `flush`. The kernel is asked directly while it has room, which
 * spares the stream machinery of a request object per write; what it refuses is left to the socket, in order.
 */
class FrameWriter {
  #socket;
  #descriptor;
  #gather = Buffer.allocUnsafeSlow(GATHER_BYTES);
  #gathered = 0;
  #logPendingBytes = 0;
  #logDroppedLines = 0;
  #logDroppedBytes = 0;
  #logDroppedReportedAt = 0;
  #onBroken;
  #sleepCell = new Int32Array(new SharedArrayBuffer(4));

  constructor(socket, onBroken) {
    this.#socket = socket;
    this.#onBroken = onBroken;
    // Node has no public name for a socket's descriptor. Without it everything goes through the socket: slower, and
    // a log flood inside one tick is cut instead of slowed down.
    this.#descriptor = socket._handle?.fd ?? -1;
  }

  /** Gathers a frame whose payload is text; the caller flushes. Returns false, writing nothing, above `bytesMax`. */
  text(kind, flags, callId, payload, bytesMax = PAYLOAD_BYTES_MAX) {
    // A UTF-16 unit takes at most three bytes, so most answers fit without their length being counted first.
    if (payload.length * 3 <= GATHER_BYTES - HEADER_BYTES - this.#gathered) {
      const start = this.#gathered;
      const length = this.#gather.write(payload, start + HEADER_BYTES);
      if (length > bytesMax) return false;
      this.#header(this.#gather, start, kind, flags, callId, length);
      this.#gathered = start + HEADER_BYTES + length;
      return true;
    }
    const length = Buffer.byteLength(payload);
    if (length > bytesMax) return false;
    this.flush();
    const frame = Buffer.allocUnsafeSlow(HEADER_BYTES + length);
    this.#header(frame, 0, kind, flags, callId, length);
    frame.write(payload, HEADER_BYTES);
    this.#transmit(frame, frame.length);
    return true;
  }

  /** Sends part of a streamed body at once; `done` runs when there is room for more. */
  chunk(callId, bytes, done) {
    for (let start = 0; start < bytes.length; start += CHUNK_BYTES_MAX) {
      const part = bytes.subarray(start, Math.min(bytes.length, start + CHUNK_BYTES_MAX));
      this.#gatherHeader(Kind.STREAM_CHUNK, 0, callId, part.length);
      this.flush();
      // Not copied: the owner waits for `done` before it uses these bytes again.
      this.#transmit(part, part.length, true);
    }
    this.whenDrained(done);
  }

  /** Tells the host at once that so many bytes of a request's body were read. */
  bodyWindow(callId, bytes) {
    if (HEADER_BYTES + 4 > GATHER_BYTES - this.#gathered) this.flush();
    this.#gatherHeader(Kind.BODY_WINDOW, 0, callId, 4);
    this.#gather.writeUInt32LE(bytes, this.#gathered);
    this.#gathered += 4;
    this.flush();
  }

  /**
   * Sends whole lines of log at once, so that they survive whatever the handler does next. A host that reads slowly
   * slows the handler down, as a pipe would.
   */
  log(flags, callId, lines) {
    let bytes = Buffer.from(lines, 'utf8');
    while (bytes.length > LOG_BYTES_MAX) {
      const cut = logCut(bytes);
      const ended = bytes[cut - 1] === 10;
      const part = ended ? bytes.subarray(0, cut) : Buffer.concat([bytes.subarray(0, cut), Buffer.from('\n')]);
      this.#logFrame(flags, callId, part);
      bytes = bytes.subarray(cut);
    }
    this.#logFrame(flags, callId, bytes);
  }

  #logFrame(flags, callId, bytes) {
    if (this.#socket.writableLength > 0 && this.#logPendingBytes + bytes.length > LOG_PENDING_BYTES_MAX) {
      this.dropLog(callId, bytes);
      return;
    }
    this.#gatherHeader(Kind.LOG, flags, callId, bytes.length);
    if (bytes.length <= GATHER_BYTES - this.#gathered) {
      bytes.copy(this.#gather, this.#gathered);
      this.#gathered += bytes.length;
      this.#flushLog();
    } else {
      this.#flushLog();
      this.#transmit(bytes, bytes.length, true, true);
      this.#countPendingLog(bytes.length);
    }
  }

  #flushLog() {
    if (this.#gathered === 0) return;
    const length = this.#gathered;
    this.#gathered = 0;
    this.#transmit(this.#gather, length, false, true);
    this.#countPendingLog(length);
  }

  #countPendingLog(length) {
    if (this.#socket.writableLength === 0) return;
    if (this.#logPendingBytes === 0) {
      this.whenDrained(() => {
        this.#logPendingBytes = 0;
        this.reportDroppedLog(0);
      });
    }
    this.#logPendingBytes += length;
  }

  /** Counts whole lines that are not sent. */
  dropLog(callId, bytes) {
    this.#logDroppedBytes += bytes.length;
    for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, at + 1)) this.#logDroppedLines++;
    if (now() - this.#logDroppedReportedAt >= DROPPED_REPORT_MILLISECONDS) this.reportDroppedLog(callId);
  }

  /** Tells the host what was dropped since it was told last; not while it does not read. */
  reportDroppedLog(callId) {
    if (this.#logDroppedBytes === 0 || this.#socket.writableLength > 0) return;
    this.#logDroppedReportedAt = now();
    if (HEADER_BYTES + DROPPED_BYTES > GATHER_BYTES - this.#gathered) this.#flushLog();
    this.#gatherHeader(Kind.LOG_DROPPED, 0, callId, DROPPED_BYTES);
    this.#gather.writeBigUInt64LE(BigInt(this.#logDroppedLines), this.#gathered);
    this.#gather.writeBigUInt64LE(BigInt(this.#logDroppedBytes), this.#gathered + 8);
    this.#gathered += DROPPED_BYTES;
    this.#logDroppedLines = 0;
    this.#logDroppedBytes = 0;
    this.#flushLog();
  }

  flush() {
    if (this.#gathered === 0) return;
    const length = this.#gathered;
    this.#gathered = 0;
    this.#transmit(this.#gather, length);
  }

  whenDrained(done) {
    if (this.#socket.writableLength === 0) done();
    else this.#socket.write(Buffer.alloc(0), done);
  }

  /** The last chance before the process ends: nothing asynchronous runs any more. */
  flushBeforeExit() {
    this.reportDroppedLog(0);
    this.#flushLog();
  }

  #gatherHeader(kind, flags, callId, length) {
    if (HEADER_BYTES > GATHER_BYTES - this.#gathered) this.flush();
    this.#header(this.#gather, this.#gathered, kind, flags, callId, length);
    this.#gathered += HEADER_BYTES;
  }

  #header(buffer, at, kind, flags, callId, length) {
    buffer.writeUInt32LE(length, at);
    buffer[at + 4] = kind;
    buffer[at + 5] = flags;
    buffer[at + 6] = 0;
    buffer[at + 7] = 0;
    buffer.writeUInt32LE(callId, at + 8);
  }

  /** Hands bytes to the kernel, and to the socket what it does not take unless `patient`, which waits for it. */
  #transmit(buffer, length, lasting = false, patient = false) {
    let start = 0;
    if (this.#descriptor >= 0 && this.#socket.writableLength === 0) {
      while (start < length) {
        try {
          start += writeSync(this.#descriptor, buffer, start, length - start);
        } catch (error) {
          if (error.code !== 'EAGAIN') {
            this.#onBroken();
            return;
          }
          if (!patient) break;
          Atomics.wait(this.#sleepCell, 0, 0, 1);
        }
      }
      if (start === length) return;
    }
    const rest = buffer.subarray(start, length);
    this.#socket.write(lasting ? rest : Buffer.from(rest));
  }
}

/** Where to cut a log text that is too long: after its last whole line, else between two characters. */
function logCut(bytes) {
  const newline = bytes.lastIndexOf(10, LOG_BYTES_MAX - 1);
  if (newline > 0) return newline + 1;
  let cut = LOG_BYTES_MAX - 1;
  while ((bytes[cut] & 0xc0) === 0x80) cut--;
  return cut;
}

module.exports = { FrameReader, FrameWriter, Kind, PAYLOAD_BYTES_MAX };
