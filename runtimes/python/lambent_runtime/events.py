"""Events in, results out: JSON as AWS Lambda's Python runtime reads and writes it."""
import json
import os
import sys

from .errors import Fault

# Stands around a decimal's digits in a string until they can take its place; random, so no result can contain it.
_mark = os.urandom(16).hex()



def _default(value):
    if type(value).__module__ in ("decimal", "_decimal") and hasattr(value, "is_nan"):
        return float("nan") if value.is_nan() else f"{_mark}{value}{_mark}"
    raise TypeError(f"Object of type {type(value).__name__} is not JSON serializable")


# AWS writes non-ASCII characters as themselves from Python 3.12 on.
_encode = json.JSONEncoder(ensure_ascii=sys.version_info < (3, 12), default=_default).encode
_decode = json.JSONDecoder().decode


def to_result(value):
    """The result's bytes. Bytes are the result themselves, as on AWS."""
    if isinstance(value, bytes):
        return value
    try:
        text = _encode(value)
        if _mark in text:
            text = text.replace(f'"{_mark}', "").replace(f'{_mark}"', "")
        return text.encode("utf-8")
    except Exception as error:
        raise Fault("Runtime.MarshalError", f"Unable to marshal response: {error}") from None


def from_event(text):
    """The event; nothing at all is an empty object, as when it is invoked without a payload."""
    if not text:
        return {}
    try:
        return _decode(text)
    except Exception as error:
        raise Fault("Runtime.UnmarshalError", f"Unable to unmarshal input: {error}") from None


def from_client_context(text):
    try:
        return json.loads(text)
    except Exception as error:
        raise Fault("Runtime.LambdaContextUnmarshalError",
                    f"Unable to parse Client Context JSON: {error}") from None
