"""What user code prints or logs becomes Log frames of the call it was written in."""
import io
import json
import logging
import os
import sys
import time
import traceback

from .frames import LOG_DROPPED

# Taken before user code can replace it.
_now = time.monotonic

STANDARD_ERROR = 1
# While lines are dropped without an end the host is told at this pace.
DROPPED_REPORT_SECONDS = 1.0
# Text without a newline that is kept until the newline comes; more is sent as it is.
PARTIAL_CHARACTERS_MAX = 64 * 1024
PARTIAL_PIECES_MAX = 256


class PartialLines:
    """The half-written lines of one call, or of the time outside any: standard output, standard error.

    Pieces are appended and popped one by one, each in one step, so that neither another thread nor a signal handler
    that prints in the middle can lose or double any.
    """
    __slots__ = ("_pieces",)

    def __init__(self):
        self._pieces = ([], [])

    def add(self, flags, text):
        """Adds text; returns the whole lines that are now complete, or what is too much to keep."""
        pieces = self._pieces[flags]
        end = text.rfind("\n") + 1
        if end == 0:
            pieces.append(text)
            too_much = len(pieces) > PARTIAL_PIECES_MAX or len(text) > PARTIAL_CHARACTERS_MAX
            return self.take(flags) if too_much else ""
        lines = text[:end]
        if pieces:
            pieces.append(lines)
            lines = self._pop_all(pieces)
        if end < len(text):
            pieces.append(text[end:])
        return lines

    def take(self, flags):
        """What has no newline yet, with one."""
        pieces = self._pieces[flags]
        return self._pop_all(pieces) if pieces else ""

    @staticmethod
    def _pop_all(pieces):
        taken = []
        while pieces:
            taken.append(pieces.pop(0))
        lines = "".join(taken)
        # Its newline may have left with what a signal handler printed meanwhile.
        return lines if lines == "" or lines.endswith("\n") else lines + "\n"


class LogBudget:
    """How much log an environment may write. What is beyond is dropped here, where it costs nobody else anything.

    Threads use it without a lock: what two of them count at a time may come out a line wrong, and nobody waits.
    """

    def __init__(self, writer):
        self._writer = writer
        self._limited = False
        self._dropped_lines = self._dropped_bytes = 0
        self._reported_at = 0.0

    def limit(self, settings):
        """Without a limit in the host's settings there is none."""
        if "logBytesBurst" not in settings:
            return
        self._lines = self._lines_per_second = int(settings["logLinesPerSecond"])
        self._bytes_per_second = int(settings["logBytesPerSecond"])
        self._bytes = self._bytes_burst = int(settings["logBytesBurst"])
        self._filled_at = _now()
        self._limited = True

    def takes(self, call_id, text):
        """Whether text may be sent: it is when there is anything left, which the next one pays."""
        if not self._limited:
            return True
        now = _now()
        seconds, self._filled_at = now - self._filled_at, now
        self._lines = min(self._lines_per_second, self._lines + seconds * self._lines_per_second)
        self._bytes = min(self._bytes_burst, self._bytes + seconds * self._bytes_per_second)
        if self._lines >= 1 and self._bytes > 0:
            self._lines -= 1
            self._bytes -= len(text)
            return True
        self._dropped_lines += text.count("\n")
        self._dropped_bytes += len(text) if text.isascii() else len(text.encode("utf-8", "replace"))
        if now - self._reported_at >= DROPPED_REPORT_SECONDS:
            self.report(call_id)
        return False

    def report(self, call_id):
        """Tells the host what was dropped since it was told last."""
        lines, self._dropped_lines = self._dropped_lines, 0
        dropped, self._dropped_bytes = self._dropped_bytes, 0
        if dropped:
            self._reported_at = _now()
            self._writer.write(LOG_DROPPED, 0, call_id, lines.to_bytes(8, "little") + dropped.to_bytes(8, "little"))


class Log:
    """Where lines go. `current` returns the call whose code is running, or None."""

    def __init__(self, writer, current):
        self._writer = writer
        self._current = current
        self._budget = LogBudget(writer)
        self.limit = self._budget.limit
        self._outside = PartialLines()
        # AWS names the last request in lines that come after its answer.
        self._last_request_id = ""
        self._in_fork = False

    def use(self, current):
        self._current = current

    @property
    def request_id(self):
        call = self._current()
        return self._last_request_id if call is None else call.request_id

    def write(self, flags, text):
        """Takes any text and sends the lines it completes."""
        if self._in_fork:
            os.write(1 + flags, text.encode("utf-8", "replace"))
            return
        call = self._current()
        lines = (self._outside if call is None else call.partial_lines).add(flags, text)
        if lines:
            self._send(flags, 0 if call is None else call.id, lines)

    def write_record(self, lines, beyond_budget=False):
        """Sends whole lines that stand on their own, past what was printed without a newline yet.

        `beyond_budget` is for what ends a call: it says why, and comes once.
        """
        if self._in_fork:
            os.write(1, lines.encode("utf-8", "replace"))
            return
        call = self._current()
        self._send(0, 0 if call is None else call.id, lines, beyond_budget)

    def finish(self, call):
        """Sends what a call left without a newline; nothing of the call may come after its answer."""
        self._last_request_id = call.request_id
        self._send_partial(call.id, call.partial_lines)
        self._report(call.id)

    def finish_outside(self):
        self._send_partial(0, self._outside)
        self._report(0)

    def _send_partial(self, call_id, partial):
        for flags in (0, STANDARD_ERROR):
            lines = partial.take(flags)
            if lines and not self._in_fork:
                self._send(flags, call_id, lines)

    def _send(self, flags, call_id, lines, beyond_budget=False):
        if beyond_budget or self._budget.takes(call_id, lines):
            self._writer.log(flags, call_id, lines)

    def _report(self, call_id):
        if not self._in_fork:
            self._budget.report(call_id)

    def enter_fork(self):
        """A forked child has no part in the conversation with the host; its output is the process's output."""
        self._in_fork = True


class LogStream(io.TextIOBase):
    """Stands in for sys.stdout and sys.stderr."""
    encoding = "utf-8"
    errors = "replace"
    mode = "w"

    def __init__(self, log, flags):
        self._log = log
        self._flags = flags
        self.name = "<stderr>" if flags else "<stdout>"
        self.buffer = ByteStream(self)

    def write(self, text):
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text).__name__}")
        if text:
            self._log.write(self._flags, text)
        return len(text)

    def writable(self):
        return True

    def fileno(self):
        return 1 + self._flags

    def reconfigure(self, **_):
        """Accepted: whatever user code asks for, the log is UTF-8 and every line leaves at once."""


class ByteStream(io.BufferedIOBase):
    """sys.stdout.buffer: bytes are taken as UTF-8."""

    def __init__(self, stream):
        self._stream = stream
        self.raw = self

    def write(self, data):
        view = memoryview(data)
        self._stream.write(str(view, "utf-8", "replace"))
        return view.nbytes

    def writable(self):
        return True

    def fileno(self):
        return self._stream.fileno()


def capture(log, as_json, level):
    """Replaces standard output and error, and gives the root logger AWS's handler."""
    sys.stdout = LogStream(log, 0)
    sys.stderr = LogStream(log, STANDARD_ERROR)
    handler = LambdaLogHandler(log)
    logging.Formatter.converter = time.gmtime
    handler.setFormatter(JsonFormatter(log) if as_json else TextFormatter(log))
    root = logging.getLogger()
    root.addHandler(handler)
    level = {"TRACE": "DEBUG", "FATAL": "CRITICAL", "WARN": "WARNING"}.get(level.upper(), level.upper())
    if level in ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"):
        root.setLevel(level)


class LambdaLogHandler(logging.Handler):
    def __init__(self, log):
        super().__init__()
        self._log = log

    def emit(self, record):
        try:
            self._log.write_record(self.format(record))
        except Exception:  # logging's own way to report a record that cannot be formatted
            self.handleError(record)


class TextFormatter(logging.Formatter):
    def __init__(self, log):
        super().__init__("[%(levelname)s]\t%(asctime)s.%(msecs)03dZ\t%(aws_request_id)s\t%(message)s",
                         "%Y-%m-%dT%H:%M:%S")
        self._log = log

    def format(self, record):
        record.aws_request_id = self._log.request_id
        return super().format(record) + "\n"


class JsonFormatter(logging.Formatter):
    """One JSON object a line, with AWS's member names; `extra` fields follow them."""
    _standard = set(vars(logging.makeLogRecord({}))) | {"message", "asctime", "aws_request_id", "taskName"}

    def __init__(self, log):
        super().__init__()
        self._log = log

    def format(self, record):
        record.aws_request_id = self._log.request_id
        seconds = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(record.created))
        line = {
            "timestamp": f"{seconds}.{int(record.msecs):03d}Z",
            "level": record.levelname,
            "message": record.getMessage(),
            "logger": record.name,
            "requestId": record.aws_request_id,
        }
        if record.exc_info and record.exc_info[0] is not None:
            line["stackTrace"] = traceback.format_tb(record.exc_info[2])
            line["errorType"] = record.exc_info[0].__name__
            line["errorMessage"] = str(record.exc_info[1])
            line["location"] = f"{record.pathname}:{record.funcName}:{record.lineno}"
        for name, value in vars(record).items():
            if name not in self._standard and name not in line:
                line[name] = value
        return json.dumps(line, ensure_ascii=False, default=str) + "\n"
