"""The functions that the end-to-end tests call; each test names its function as the handler."""

import asyncio
import os
import signal
import sys
import time

calls = 0


def hello(event, context):
    return {"hello": event.get("name", "world")}


def nothing(event, context):
    return None


def counter(event, context):
    global calls
    calls += 1
    return {"calls": calls}


def variables(event, context):
    return dict(os.environ)


def throws(event, context):
    raise ValueError("not a good value")


def exits(event, context):
    os._exit(7)


def spins(event, context):
    while True:
        pass


def sleeps_if_asked(event, context):
    global calls
    calls += 1
    if event.get("sleep"):
        time.sleep(event["sleep"])
    return {"calls": calls}


def speaks(event, context):
    print("spoken on standard output")
    print("and on standard error", file=sys.stderr)


async def waits(event, context):
    print(f"call {event['id']} of {context.aws_request_id}")
    await asyncio.sleep(event.get("milliseconds", 50) / 1000)
    print(f"end {event['id']}")
    return {"id": event["id"], "requestId": context.aws_request_id, "process": os.getpid()}


def fields(event, context):
    return {
        "name": context.function_name,
        "version": context.function_version,
        "arn": context.invoked_function_arn,
        "memory": context.memory_limit_in_mb,
        "requestId": context.aws_request_id,
        "logGroup": context.log_group_name,
        "logStream": context.log_stream_name,
        "remaining": context.get_remaining_time_in_millis(),
        "client": context.client_context.custom if context.client_context else None,
    }


def keeps(event, context):
    if event.get("write"):
        with open("/tmp/kept", "w") as file:
            file.write(event["write"])
    return {"kept": open("/tmp/kept").read() if os.path.exists("/tmp/kept") else None}


def layered(event, context):
    import words

    return {"file": open("/opt/words.txt").read(), "module": words.word}


def fills_memory(event, context):
    kept = [bytearray(os.urandom(1)) * (1024 * 1024) for _ in range(400)]
    return len(kept)


def fork_bomb(event, context):
    while True:
        try:
            if os.fork() == 0:
                signal.signal(signal.SIGTERM, signal.SIG_IGN)
        except OSError:
            time.sleep(0.01)


def closes_everything(event, context):
    os.closerange(0, 4096)
    return "closed"
