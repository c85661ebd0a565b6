"""The handlers that the shim's tests call."""
import decimal
import logging
import os
import subprocess
import sys
import threading
import time

calls = 0
sys.stdout.write("while loading\n")


def echo(event, context):
    return event


def counts(event, context):
    global calls
    calls += 1
    return calls


def context(event, context):
    client = context.client_context
    return {
        "aws_request_id": context.aws_request_id,
        "function_name": context.function_name,
        "function_version": context.function_version,
        "memory_limit_in_mb": context.memory_limit_in_mb,
        "invoked_function_arn": context.invoked_function_arn,
        "log_group_name": context.log_group_name,
        "log_stream_name": context.log_stream_name,
        "remaining": context.get_remaining_time_in_millis(),
        "identity": context.identity.cognito_identity_id,
        "custom": client and client.custom,
        "title": client and client.client.app_title,
        "table": os.environ["TABLE"],
        "socket": os.environ.get("LAMBENT_SOCKET"),
        "trace": os.environ.get("_X_AMZN_TRACE_ID"),
        "folder": os.getcwd(),
    }


class CustomError(Exception):
    pass


def throws(event, context):
    raise CustomError("it broke")


def unserializable(event, context):
    return {1, 2}


def decimals(event, context):
    return {"price": decimal.Decimal("1.10"), "text": "é"}


def raw(event, context):
    return b"\x00raw"


def logs(event, context):
    print("printed", 1)
    sys.stdout.write("raw ")
    sys.stdout.write("line\nno newline")
    logging.getLogger().warning("warned %s", "twice")
    logging.getLogger().info("not shown")
    print("to error", file=sys.stderr)
    sys.stdout.buffer.write(b"bytes\n")


def logs_json(event, context):
    logging.getLogger("app").warning("text %d", 1, extra={"order": 7})


def attribution(event, context):
    for i in range(3):
        print(f"call {event['n']} line {i}")
        time.sleep(0.001 * ((event["n"] + i) % 4))
    return event["n"]


async def attribution_async(event, context):
    import asyncio
    for i in range(3):
        print(f"call {event['n']} line {i}")
        await asyncio.sleep(0.001 * ((event["n"] + i) % 4))
    return event["n"]


def flood(event, context):
    line = "x" * 999
    for _ in range(event["lines"]):
        print(line)
    return event["lines"]


def floodThenFails(event, context):
    for number in range(event["lines"]):
        print(f"a line of a flood, {number}")
    raise ValueError("too much")


def large(event, context):
    return "x" * (event["bytes"] - 2)


def length(event, context):
    return len(event["text"])


def exits(event, context):
    sys.stdout.write("before the end")
    sys.exit(event["status"])


def interrupted(event, context):
    raise KeyboardInterrupt


def blocks(event, context):
    threading.Event().wait()


def child(event, context):
    print("from the parent")
    subprocess.run([sys.executable, "-c", "print('from a program')"], check=True)
    pid = os.fork()
    if pid == 0:
        print("from the fork", flush=True)
        os._exit(3)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def interrupted_by_signals(event, context):
    import signal
    wanted = [True]

    def interrupt(*_):
        print("from the signal handler")
        # Armed again only now: on a busy machine handlers would otherwise interrupt handlers until the stack is full.
        if wanted:
            signal.setitimer(signal.ITIMER_REAL, 0.001)

    signal.signal(signal.SIGALRM, interrupt)
    signal.setitimer(signal.ITIMER_REAL, 0.001)
    for _ in range(event["lines"]):
        print("x" * 999)
    wanted.clear()
    signal.setitimer(signal.ITIMER_REAL, 0)


def hash_body(event, context):
    import hashlib
    digest = hashlib.sha256()
    count = 0
    while part := context.body_stream.read(50_000):
        count += len(part)
        digest.update(part)
    return {"bytes": count, "sha256": digest.hexdigest()}


def hash_body_in_thread(event, context):
    from concurrent.futures import ThreadPoolExecutor
    with ThreadPoolExecutor(1) as executor:
        return executor.submit(hash_body, event, context).result()


def first_of_body(event, context):
    return len(context.body_stream.read(4))


def stream_or_echo(event, context):
    if "chunks" not in event:
        yield {"statusCode": 201, "headers": {"x-a": "b"}}
        yield event
        return
    try:
        for _ in range(event["chunks"]):
            yield bytes(100_000)
    except GeneratorExit:
        print("told")
        raise


def stream_fails(event, context):
    yield "half"
    raise ValueError("late")


def stream_fails_early(event, context):
    raise ValueError("early")
    yield "never"


def stream_nothing(event, context):
    return iter_nothing()


def iter_nothing():
    yield from ()
