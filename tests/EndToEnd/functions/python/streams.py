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


def pushes(event, context):
    import boto3
    import os
    client = boto3.client("apigatewaymanagementapi", endpoint_url=os.environ["AWS_ENDPOINT_URL"])
    client.post_to_connection(ConnectionId=event["id"], Data=b"from a function")
    return client.get_connection(ConnectionId=event["id"])["Identity"]["SourceIp"]
