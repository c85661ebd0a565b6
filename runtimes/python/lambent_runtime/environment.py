"""The execution environment: says Hello, is specialized once, then answers calls until the host closes."""
import _thread
import os
import sys
from _struct import Struct

from .frames import (BODY_CHUNK, BODY_END, CANCEL, ERROR, HELLO, INIT_ERROR, INVOKE, READY, RESPONSE, SHUTDOWN,
                     SPECIALIZE, STREAM_END, WINDOW, FrameReader, FrameWriter, connect, leave)

PROTOCOL_VERSION = 1
FLAG_BODY_FOLLOWS = 1
_TRACE_VARIABLE = os.environ.encodekey("_X_AMZN_TRACE_ID")
_head = Struct("<qHHHHI")


def main():
    path = os.environ.pop("LAMBENT_SOCKET", None)
    if not path:
        sys.exit("LAMBENT_SOCKET is not set: this program is started by the Lambent host.")
    connection = connect(path)
    reader = FrameReader(connection)
    writer = FrameWriter(connection)
    version = "%d.%d.%d" % sys.version_info[:3]
    writer.write(HELLO, 0, 0, b'{"protocol":%d,"runtime":"python","version":"%s"}'
                 % (PROTOCOL_VERSION, version.encode()))
    # The host has its Hello; what every function needs is loaded while it prepares the specialization.
    Environment(connection, reader, writer).run()


class Call:
    """One call from its Invoke to its answer."""
    __slots__ = ("id", "request_id", "deadline_milliseconds", "invoked_function_arn", "trace", "client_context_text",
                 "event_text", "partial_lines", "has_body", "body", "credit", "cancelled", "stream_started", "ended")

    def __init__(self, call_id, payload, partial_lines):
        deadline, id_length, arn_length, trace_length, flags, client_length = _head.unpack_from(payload)
        id_end = _head.size + id_length
        arn_end = id_end + arn_length
        trace_end = arn_end + trace_length
        event_start = trace_end + client_length
        if event_start > len(payload):
            leave()
        self.id = call_id
        self.deadline_milliseconds = deadline
        self.request_id = str(payload[_head.size:id_end], "utf-8", "replace")
        self.invoked_function_arn = str(payload[id_end:arn_end], "utf-8", "replace")
        self.trace = str(payload[arn_end:trace_end], "utf-8", "replace")
        self.client_context_text = str(payload[trace_end:event_start], "utf-8", "replace")
        self.event_text = str(payload[event_start:], "utf-8", "surrogateescape")
        self.partial_lines = partial_lines
        self.has_body = flags & FLAG_BODY_FOLLOWS != 0
        self.body = None
        self.credit = 0
        self.cancelled = self.stream_started = self.ended = False


class Environment:
    def __init__(self, connection, reader, writer):
        from . import context, errors, events, handler, logs
        self._context = context
        self._errors = errors
        self._events = events
        self._handler_module = handler
        self._logs = logs
        self._connection = connection
        self._reader = reader
        self._reading = _thread.allocate_lock()
        # Calls that a thread of the handler came upon while it waited for something else.
        self._invokes = []
        self._calls = {}
        self._changed = None
        self.writer = writer
        self._settings = None
        self._handler = None
        self._as_json = False
        self._current = None
        self._workers = None
        self._loop = None
        self._trace = None
        self._log = logs.Log(writer, lambda: self._current)

    # Frames

    def run(self):
        while True:
            with self._reading:
                if self._invokes:
                    kind, call_id, payload = self._invokes.pop()
                else:
                    kind, call_id, payload = self._reader.next()
            if kind == INVOKE:
                self.invoke(call_id, payload)
            else:
                self._receive(kind, call_id, payload)

    def _receive(self, kind, call_id, payload):
        if kind == SPECIALIZE:
            self.specialize(payload)
        elif kind == SHUTDOWN:
            leave()
        elif call_id in self._calls:
            self._change(self._calls[call_id], kind, payload)

    def _change(self, call, kind, payload):
        if kind == WINDOW:
            if len(payload) != 4:
                leave()
            call.credit += int.from_bytes(payload, "little")
        elif kind == CANCEL:
            call.cancelled = True
        elif call.body is not None and kind == BODY_CHUNK:
            call.body.take(bytes(payload))
        elif call.body is not None and kind == BODY_END:
            call.body.end(str(payload, "utf-8", "replace"))
        if self._changed is not None:
            with self._changed:
                self._changed.notify_all()

    def wait(self, call, condition):
        """Waits for frames of a call. With one call at a time whoever waits reads: the reading thread is in the
        handler. Otherwise the reading thread tells."""
        if self._changed is not None:
            with self._changed:
                self._changed.wait_for(lambda: call.ended or condition())
        while not condition():
            if call.ended:
                raise ValueError("The call has ended.")
            with self._reading:
                if not call.ended and not condition():
                    self._read_beside()

    def look(self):
        """Takes what has come. With one call at a time nobody else reads while the handler runs."""
        while self._changed is None and self._reader.ready():
            with self._reading:
                if self._reader.ready():
                    self._read_beside()

    def _read_beside(self):
        kind, call_id, payload = self._reader.next()
        if kind == INVOKE:
            # A thread that outlived its call read the next one.
            self._invokes.append((kind, call_id, bytes(payload)))
        else:
            self._receive(kind, call_id, payload)

    # Specialization

    def specialize(self, payload):
        import json
        try:
            settings = json.loads(str(payload, "utf-8"))
            handler, task_root = settings["handler"], settings["taskRoot"]
            variables, self._concurrency = settings["variables"], int(settings["concurrency"])
            settings["memoryLimit"] = str(settings["memoryMegabytes"])
            self._response_bytes_max = int(settings["responseBytesMax"])
            self.stream_window_bytes = int(settings["streamWindowBytes"])
            if self._settings is not None:
                leave()
            os.environ.update(variables)
        except (ValueError, KeyError, TypeError):
            leave()
        self._settings = settings
        if "TZ" in variables:
            import time
            time.tzset()
        self._log.limit(settings)
        self._as_json = str(settings.get("logFormat")).upper() == "JSON"
        self._logs.capture(self._log, self._as_json, variables.get("AWS_LAMBDA_LOG_LEVEL", ""))
        self._prepare_concurrency()
        self._load(task_root, handler, variables)

    def _prepare_concurrency(self):
        import atexit
        atexit.register(self._flush_logs)
        os.register_at_fork(after_in_child=self._enter_fork)
        if self._concurrency > 1:
            from .workers import Workers, current_call
            self._log.use(current_call)
            self._workers = Workers(self._concurrency, self._run_in_worker)
            import threading
            self._changed = threading.Condition()
        else:
            _thread.start_new_thread(_leave_when_closed, (self._connection.fileno(),))

    def _load(self, task_root, handler, variables):
        try:
            self._handler_module.use_function_paths(task_root, variables)
            os.chdir(task_root)
            self._handler = self._handler_module.load_handler(handler)
        except Exception as exception:
            error = self._errors.from_exception(exception)
            self._log_error(error)
            self._log.finish_outside()
            self.writer.write(INIT_ERROR, 0, 0, _error_payload(error))
            os._exit(1)
        self._log.finish_outside()
        self.writer.write(READY, 0, 0, b"")

    # Calls

    def invoke(self, call_id, payload):
        if self._handler is None or len(payload) < _head.size:
            leave()
        call = Call(call_id, payload, self._logs.PartialLines())
        call.credit = self.stream_window_bytes
        self._calls[call_id] = call
        if call.has_body:
            from .streams import RequestBody
            call.body = RequestBody(self, call)
        if self._workers is not None:
            self._workers.submit(call)
            return
        if call.trace != self._trace:
            self._set_trace(call.trace)
        self._current = call
        self._run(call)
        self._current = None

    def _set_trace(self, trace):
        """The tracing libraries read the current trace from the environment.

        It is put where os.environ looks, and not into the C library's table: that never frees a value, so that each
        call would cost 150 bytes of memory for good.
        """
        self._trace = trace
        if trace:
            os.environ._data[_TRACE_VARIABLE] = os.environ.encodevalue(trace)
        else:
            os.environ._data.pop(_TRACE_VARIABLE, None)

    def _run_in_worker(self, call):
        """As on the main thread, what is no Exception ends the process: SystemExit with its own status."""
        try:
            self._run(call)
            return
        except SystemExit as end:
            status = 0 if end.code is None else end.code
            if not isinstance(status, int):
                sys.stderr.write(f"{status}\n")
                status = 1
        except BaseException:
            import traceback
            traceback.print_exc()
            status = 1
        self._log.finish(call)
        self._flush_logs()
        os._exit(status & 0xFF)

    def _run(self, call):
        try:
            kind, result = self._answer(call)
        except Exception as exception:
            error = self._errors.from_exception(exception, call.request_id)
            self._log_error(error)
            kind, result = STREAM_END if call.stream_started else ERROR, _error_payload(error)
        self._log.finish(call)
        self._calls.pop(call.id, None)
        call.ended = True
        self.writer.write(kind, 0, call.id, result)

    def _answer(self, call):
        value = self._call_handler(call)
        if type(value).__name__ == "generator":
            from .streams import stream
            stream(self, call, value)
            return STREAM_END, b""
        result = self._events.to_result(value)
        if len(result) <= self._response_bytes_max:
            return RESPONSE, result
        return ERROR, _error_payload({
            "errorMessage": "Response payload size exceeded maximum allowed payload size "
                            f"({self._response_bytes_max} bytes).",
            "errorType": "Function.ResponseSizeTooLarge",
        })

    def _call_handler(self, call):
        client_context = None
        if call.client_context_text:
            client_context = self._context.ClientContext(self._events.from_client_context(call.client_context_text))
        context = self._context.LambdaContext(self._settings, call, client_context)
        if call.body is not None:
            context.body_stream = call.body.buffered()
        result = self._handler(self._events.from_event(call.event_text), context)
        return self._await(result) if hasattr(result, "__await__") else result

    def _await(self, awaitable):
        """Beyond AWS: an async handler runs on one event loop that lives as long as the environment."""
        import asyncio

        async def run():
            return await awaitable

        if self._workers is not None:
            return asyncio.run_coroutine_threadsafe(run(), self._workers.event_loop()).result()
        if self._loop is None:
            self._loop = asyncio.new_event_loop()
            asyncio.set_event_loop(self._loop)
        return self._loop.run_until_complete(run())

    # Logs

    def _log_error(self, error):
        if self._as_json:
            import json
            import time
            now = time.time()
            seconds = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(now))
            line = {"timestamp": f"{seconds}.{int(now % 1 * 1000):03d}Z", "level": "ERROR", **error}
            self._log.write_record(json.dumps(line, ensure_ascii=False) + "\n", True)
        else:
            self._log.write_record(self._errors.to_log_text(error), True)

    def _flush_logs(self):
        if self._current is not None:
            self._log.finish(self._current)
        self._log.finish_outside()

    def _enter_fork(self):
        """A child process must not hold the connection open, nor write into its parent's conversation."""
        self._log.enter_fork()
        self._connection.close()


def _error_payload(error):
    import json
    return json.dumps(error).encode("utf-8")


def _leave_when_closed(descriptor):
    """Ends the process when the host goes while the only thread that reads is busy with a handler."""
    import select
    poll = select.poll()
    poll.register(descriptor, getattr(select, "POLLRDHUP", select.POLLHUP))
    poll.poll()
    leave()
