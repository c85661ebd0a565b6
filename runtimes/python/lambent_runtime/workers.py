"""Several calls at a time: a thread for each, and for async handlers one event loop for all."""
import contextvars
import threading
from _queue import SimpleQueue

_current = contextvars.ContextVar("lambent_current_call", default=None)
current_call = _current.get


class Workers:
    """Threads start when they are first needed and stay; there are never more than calls at a time."""

    def __init__(self, concurrency, run):
        self._concurrency = concurrency
        self._run = run
        self._calls = SimpleQueue()
        self._lock = threading.Lock()
        self._in_flight = 0
        self._threads = 0
        self._loop = None

    def submit(self, call):
        with self._lock:
            self._in_flight += 1
            needs_thread = self._threads < min(self._in_flight, self._concurrency)
            self._threads += needs_thread
        if needs_thread:
            threading.Thread(target=self._work, name=f"call-{self._threads}", daemon=True).start()
        self._calls.put(call)

    def _work(self):
        while True:
            call = self._calls.get()
            token = _current.set(call)
            try:
                self._run(call)
            finally:
                _current.reset(token)
                with self._lock:
                    self._in_flight -= 1

    def event_loop(self):
        import asyncio
        with self._lock:
            if self._loop is None:
                self._loop = asyncio.new_event_loop()
                threading.Thread(target=self._loop.run_forever, name="event-loop", daemon=True).start()
            return self._loop
