"""Reading and writing frames. Only built-in modules are imported here: Hello leaves before anything else is loaded."""
import _socket
import _thread
import os
from _struct import Struct

SPECIALIZE, INVOKE, CANCEL, SHUTDOWN, WINDOW, BODY_CHUNK, BODY_END = 0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07
HELLO, READY, INIT_ERROR, RESPONSE, ERROR, LOG = 0x81, 0x82, 0x83, 0x84, 0x85, 0x89
STREAM_START, STREAM_CHUNK, STREAM_END, BODY_WINDOW, LOG_DROPPED = 0x86, 0x87, 0x88, 0x8B, 0x8C

HEADER_BYTES = 12
PAYLOAD_BYTES_MAX = 8 * 1024 * 1024
READ_BYTES = 64 * 1024
# A log frame of a whole line; longer lines are cut, as the log's own limit would do.
LOG_BYTES_MAX = 256 * 1024

_header = Struct("<IBBHI")


def connect(path):
    connection = _socket.socket(_socket.AF_UNIX, _socket.SOCK_STREAM)
    connection.connect(path)
    return connection


def leave():
    """Without the host nobody can be answered, and what is left to do would be work for nobody."""
    os._exit(0)


class FrameReader:
    """Cuts the byte stream into frames. The payload it returns is valid until the next frame is asked for."""

    def __init__(self, connection):
        self._receive = connection.recv_into
        self._descriptor = connection.fileno()
        self._poll = None
        self._view = memoryview(bytearray(READ_BYTES))
        self._start = 0
        self._end = 0

    def next(self):
        """Waits for a frame: (kind, call id, payload). Ends the process when there can be none any more."""
        start = self._start
        if self._end - start < HEADER_BYTES:
            start = self._fill(start, HEADER_BYTES)
        length, kind, _, _, call_id = _header.unpack_from(self._view, start)
        if length > PAYLOAD_BYTES_MAX:
            leave()
        frame_bytes = HEADER_BYTES + length
        if self._end - start < frame_bytes:
            if frame_bytes > READ_BYTES:
                return kind, call_id, self._receive_large(start, length)
            start = self._fill(start, frame_bytes)
        self._start = start + frame_bytes
        return kind, call_id, self._view[start + HEADER_BYTES:start + frame_bytes]

    def ready(self):
        """Whether something has come already."""
        if self._poll is None:
            import select
            self._poll = select.poll()
            self._poll.register(self._descriptor, select.POLLIN)
        return self._end > self._start or bool(self._poll.poll(0))

    def _fill(self, start, needed):
        """Reads until `needed` bytes lie in one piece in the buffer; returns where they start."""
        view = self._view
        had = self._end - start
        if start + needed > READ_BYTES or had == 0:
            view[:had] = bytes(view[start:self._end])
            start = 0
            self._end = had
        while self._end - start < needed:
            try:
                count = self._receive(view[self._end:])
            except OSError:
                count = 0
            if count == 0:
                leave()
            self._end += count
        return start

    def _receive_large(self, start, length):
        payload = memoryview(bytearray(length))
        had = self._end - start - HEADER_BYTES
        payload[:had] = self._view[start + HEADER_BYTES:self._end]
        self._start = self._end = 0
        while had < length:
            try:
                count = self._receive(payload[had:])
            except OSError:
                count = 0
            if count == 0:
                leave()
            had += count
        return payload


class FrameWriter:
    """Writes frames from any thread. A host that reads slowly slows the writer down, so nothing piles up here.

    User code may set signal handlers, and Python runs them in the middle of anything on the main thread, a send too.
    What such a handler prints waits until the interrupted frame has left; one that raises inside a send leaves the
    frame cut, and a conversation that cannot be understood any more is ended.
    """

    def __init__(self, connection):
        self._send = connection.sendall
        self._lock = _thread.RLock()
        self._sending = False
        self._interrupting = []

    def write(self, kind, flags, call_id, payload):
        frame = _header.pack(len(payload), kind, flags, 0, call_id) + payload
        with self._lock:
            if self._sending:
                self._interrupting.append(frame)
                return
            try:
                self._sending = True
                self._send(frame)
                while self._interrupting:
                    self._send(self._interrupting.pop(0))
            except OSError:
                leave()
            except BaseException:
                os.write(2, b"A signal handler raised while a frame was sent; the environment ends.\n")
                os._exit(1)
            finally:
                self._sending = False

    def log(self, flags, call_id, lines):
        """Sends whole lines of text; a line longer than a frame may be is cut into several."""
        payload = lines.encode("utf-8", "replace")
        while len(payload) > LOG_BYTES_MAX:
            cut = payload.rfind(b"\n", 0, LOG_BYTES_MAX) + 1
            if cut > 0:
                self.write(LOG, flags, call_id, payload[:cut])
            else:
                cut = LOG_BYTES_MAX - 1
                while payload[cut] & 0xC0 == 0x80:
                    cut -= 1
                self.write(LOG, flags, call_id, payload[:cut] + b"\n")
            payload = payload[cut:]
        self.write(LOG, flags, call_id, payload)
