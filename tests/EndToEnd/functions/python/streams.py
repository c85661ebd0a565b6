"""Functions whose bodies are streamed."""
import hashlib


def hashes(event, context):
    digest = hashlib.sha256()
    count = 0
    while part := context.body_stream.read(65536):
        digest.update(part)
        count += len(part)
    return {"bytes": count, "sha256": digest.hexdigest(), "path": event["rawPath"]}


def counts(event, context):
    yield {"statusCode": 201, "headers": {"content-type": "text/plain"}}
    for number in range(3):
        yield f"part {number}\n"
