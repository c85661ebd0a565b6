"""Runs one call of a function on a developer's machine: the event comes by standard input, the answer goes to standard
output, all else to standard error. Exit codes: 0 answered, 1 failed."""
import json
import os
import sys
from time import time
from types import SimpleNamespace

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from lambent_runtime import context, errors, events, handler  # noqa: E402


def main():
    folder, name, request_id, arn, seconds = sys.argv[1:6]
    event = events.from_event(sys.stdin.buffer.read().decode("utf-8"))
    answers, sys.stdout = sys.stdout, sys.stderr
    sys.path.insert(0, folder)
    os.chdir(folder)
    function = os.environ.get("AWS_LAMBDA_FUNCTION_NAME", "")
    settings = {
        "logGroup": f"/aws/lambda/{function}",
        "logStream": "local",
        "functionName": function,
        "memoryLimit": os.environ.get("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", ""),
        "functionVersion": os.environ.get("AWS_LAMBDA_FUNCTION_VERSION", ""),
    }
    call = SimpleNamespace(
        request_id=request_id,
        invoked_function_arn=arn,
        deadline_milliseconds=int((time() + float(seconds)) * 1000),
    )
    status = 0
    try:
        value = handler.load_handler(name)(event, context.LambdaContext(settings, call, None))
        if hasattr(value, "__await__"):
            import asyncio

            async def wait():
                return await value

            value = asyncio.run(wait())
        answer = events.to_result(value)
    except Exception as exception:
        status, answer = 1, json.dumps(errors.from_exception(exception, request_id))
    answers.write((answer.decode("utf-8") if isinstance(answer, (bytes, bytearray)) else answer) + "\n")
    answers.flush()
    sys.exit(status)


main()
