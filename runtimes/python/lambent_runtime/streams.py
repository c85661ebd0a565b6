"""Bodies that do not fit into one frame: requests that are read as they come, and handlers that are generators."""
import io
import json

from .frames import BODY_WINDOW, STREAM_CHUNK, STREAM_START

CHUNK_BYTES_MAX = 1024 * 1024
READ_BYTES = 64 * 1024
_PRELUDE_MEMBERS = {"statusCode", "headers", "cookies"}


class RequestBody(io.RawIOBase):
    """The request's body as it comes. The host sends what was read before; memory holds no more than its window."""

    def __init__(self, environment, call):
        super().__init__()
        self._environment = environment
        self._call = call
        self._parts = []
        self._ended = False
        self._problem = ""
        self._unreported = 0

    def buffered(self):
        return io.BufferedReader(self, READ_BYTES)

    def readable(self):
        return True

    def readinto(self, target):
        self._environment.wait(self._call, lambda: self._parts or self._ended)
        if not self._parts:
            if self._problem:
                raise OSError(self._problem)
            return 0
        part = self._parts[0]
        count = min(len(target), len(part))
        target[:count] = part[:count]
        if count == len(part):
            self._parts.pop(0)
        else:
            self._parts[0] = part[count:]
        self._report(count)
        return count

    def take(self, part):
        self._parts.append(memoryview(part))

    def end(self, problem):
        self._ended = True
        self._problem = problem

    def _report(self, count):
        self._unreported += count
        if self._unreported >= self._environment.stream_window_bytes // 2:
            self._environment.writer.write(BODY_WINDOW, 0, self._call.id, self._unreported.to_bytes(4, "little"))
            self._unreported = 0


def stream(environment, call, parts):
    """Beyond AWS: sends what a handler that is a generator yields. A dictionary of status, headers and cookies may be
    its first item. A caller who has gone is told to it by GeneratorExit at its yield."""
    try:
        for part in parts:
            if not call.stream_started:
                call.stream_started = True
                if isinstance(part, dict) and _PRELUDE_MEMBERS.issuperset(part):
                    environment.writer.write(STREAM_START, 0, call.id, json.dumps(part).encode("utf-8"))
                    continue
                environment.writer.write(STREAM_START, 0, call.id, b"")
            _send(environment, call, _to_bytes(part))
            if call.cancelled:
                break
    finally:
        parts.close()
    if not call.stream_started:
        environment.writer.write(STREAM_START, 0, call.id, b"")


def _to_bytes(part):
    if isinstance(part, str):
        return part.encode("utf-8")
    if isinstance(part, (bytes, bytearray, memoryview)):
        return bytes(part)
    return json.dumps(part).encode("utf-8")


def _send(environment, call, data):
    environment.look()
    view = memoryview(data)
    while len(view) > 0:
        environment.wait(call, lambda: call.credit > 0 or call.cancelled)
        if call.cancelled:
            return
        room = min(len(view), call.credit, CHUNK_BYTES_MAX)
        call.credit -= room
        environment.writer.write(STREAM_CHUNK, 0, call.id, bytes(view[:room]))
        view = view[room:]
