"""Errors as AWS Lambda's Python runtime names and shapes them; clients and dashboards match on these texts."""
import os
import traceback

# An error object above this is cut, so that it always fits a frame and a log.
ERROR_CHARACTERS_MAX = 64 * 1024

_shim_folder = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


class Fault(Exception):
    """An error of the runtime itself, with the type that the error object shows."""

    def __init__(self, error_type, message, trace=None):
        super().__init__(message)
        self.error_type = error_type
        self.message = message
        self.trace = trace


def shape(message, error_type, stack_trace, request_id=""):
    return {
        "errorMessage": _cut(message),
        "errorType": _cut(error_type),
        "requestId": request_id,
        "stackTrace": [_cut(line) for line in stack_trace[-100:]],
    }


def from_exception(exception, request_id=""):
    if isinstance(exception, Fault):
        return shape(exception.message, exception.error_type, exception.trace or [], request_id)
    try:
        message = str(exception)
    except Exception:  # An exception's own __str__ may fail; its type still tells something.
        message = ""
    return shape(message, type(exception).__name__, _user_frames(exception.__traceback__), request_id)


def _user_frames(trace):
    """The formatted frames without those of the shim and of the import machinery that lead to the user's code."""
    frames = [(frame.filename, frame.lineno, frame.name, frame.line) for frame in traceback.extract_tb(trace)]
    first = 0
    while first < len(frames) and _is_ours(frames[first][0]):
        first += 1
    return traceback.format_list(frames[first:])


def _is_ours(filename):
    return filename.startswith((_shim_folder, "<frozen importlib")) or filename.endswith("importlib/__init__.py")


def to_log_text(error):
    """The lines AWS writes to the log for an error that ended a call."""
    head = "[ERROR]"
    if error["errorType"]:
        head += " " + error["errorType"] + (":" if error["errorMessage"] else "")
    if error["errorMessage"]:
        head += " " + error["errorMessage"]
    lines = [head, "Traceback (most recent call last):"]
    for entry in error["stackTrace"]:
        lines += entry.splitlines()
    return "\n".join(lines) + "\n"


def _cut(text):
    if len(text) <= ERROR_CHARACTERS_MAX:
        return text
    return f"{text[:ERROR_CHARACTERS_MAX]}… (cut, {len(text)} characters)"
