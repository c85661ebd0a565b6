'use strict';
// How much log an environment may write. What is beyond is dropped here, where it costs nobody else anything.

// Taken before user code can replace it.
const { performance } = require('node:perf_hooks');
const now = performance.now.bind(performance);

class LogBudget {
  #linesPerSecond;
  #bytesPerSecond;
  #bytesBurst;
  #lines;
  #bytes;
  #filledAt = now();

  /** @param settings of the host; without a limit in them there is none. */
  constructor({ logLinesPerSecond = Infinity, logBytesPerSecond = Infinity, logBytesBurst = Infinity }) {
    this.#lines = this.#linesPerSecond = logLinesPerSecond;
    this.#bytesPerSecond = logBytesPerSecond;
    this.#bytes = this.#bytesBurst = logBytesBurst;
  }

  /** Whether lines of so many bytes may be sent; they are when there is anything left, which the next ones pay. */
  takes(bytes) {
    if (this.#bytesBurst === Infinity) return true;
    const time = now();
    const seconds = (time - this.#filledAt) / 1000;
    this.#filledAt = time;
    this.#lines = Math.min(this.#linesPerSecond, this.#lines + seconds * this.#linesPerSecond);
    this.#bytes = Math.min(this.#bytesBurst, this.#bytes + seconds * this.#bytesPerSecond);
    if (this.#lines < 1 || this.#bytes <= 0) return false;
    this.#lines--;
    this.#bytes -= bytes;
    return true;
  }
}

module.exports = { LogBudget, now };
