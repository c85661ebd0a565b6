"""Drives queues with Debian's boto3, which speaks Query and verifies the MD5 sums: queues.py SCENARIO PREFIX."""

import json
import os
import sys
import threading

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

scenario, prefix = sys.argv[1:3]
sqs = boto3.client("sqs", endpoint_url=os.environ["AWS_ENDPOINT_URL"], config=Config(retries={"max_attempts": 0}))
ARN = "arn:aws:sqs:us-east-1:000000000000"


def same(got, expected):
    assert got == expected, f"\n  expected {expected}\n  got      {got}"


def refused(action, code, message):
    try:
        action()
    except ClientError as error:
        same((error.response["Error"]["Code"], error.response["Error"]["Message"]), (code, message))
        return
    raise AssertionError(f"{code} was expected")


def queue(name, **attributes):
    return sqs.create_queue(QueueName=f"{prefix}-{name}", Attributes=attributes)["QueueUrl"]


def receive(url, **more):
    wanted = {"MaxNumberOfMessages": 10, "AttributeNames": ["All"], "MessageAttributeNames": ["All"], **more}
    return sqs.receive_message(QueueUrl=url, **wanted).get("Messages", [])


def bodies(messages):
    return [message["Body"] for message in messages]


def messages():
    url = queue("messages", VisibilityTimeout="60")
    attributes = {
        "text": {"DataType": "String", "StringValue": "välue"},
        "bytes": {"DataType": "Binary.x", "BinaryValue": b"\x00\xff"},
    }
    sqs.send_message(QueueUrl=url, MessageBody="line\r\n<tag> & \u20ac", MessageAttributes=attributes)
    message = receive(url)[0]
    same(message["Body"], "line\r\n<tag> & \u20ac")
    same(message["MessageAttributes"], attributes)
    same(receive(url), [])
    sqs.change_message_visibility(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"], VisibilityTimeout=0)
    again = receive(url)[0]
    same(again["Attributes"]["ApproximateReceiveCount"], "2")
    sqs.delete_message(QueueUrl=url, ReceiptHandle=again["ReceiptHandle"])
    sender = threading.Timer(0.2, lambda: sqs.send_message(QueueUrl=url, MessageBody="late"))
    sender.start()
    same(bodies(receive(url, WaitTimeSeconds=20)), ["late"])
    sender.join()
    sqs.purge_queue(QueueUrl=url)
    refused(
        lambda: sqs.purge_queue(QueueUrl=url),
        "AWS.SimpleQueueService.PurgeQueueInProgress",
        f"Only one PurgeQueue operation on {prefix}-messages is allowed every 60 seconds.",
    )
    sqs.tag_queue(QueueUrl=url, Tags={"team": "one"})
    same(sqs.list_queue_tags(QueueUrl=url)["Tags"], {"team": "one"})
    sqs.delete_queue(QueueUrl=url)
    refused(
        lambda: receive(url),
        "AWS.SimpleQueueService.NonExistentQueue",
        "The specified queue does not exist for this wsdl version.",
    )


def batches():
    url = queue("batches")
    entries = [{"Id": "a", "MessageBody": "one"}, {"Id": "b", "MessageBody": "two", "DelaySeconds": 901}]
    sent = sqs.send_message_batch(QueueUrl=url, Entries=entries)
    same([entry["Id"] for entry in sent["Successful"]], ["a"])
    same([(entry["Id"], entry["Code"], entry["SenderFault"]) for entry in sent["Failed"]],
         [("b", "InvalidParameterValue", True)])
    handle = receive(url)[0]["ReceiptHandle"]
    changed = sqs.change_message_visibility_batch(
        QueueUrl=url,
        Entries=[
            {"Id": "1", "ReceiptHandle": handle, "VisibilityTimeout": 0},
            {"Id": "2", "ReceiptHandle": handle, "VisibilityTimeout": 43201},
        ],
    )
    same([entry["Id"] for entry in changed["Successful"]], ["1"])
    same([entry["Id"] for entry in changed["Failed"]], ["2"])


def fifo():
    url = queue("order.fifo", FifoQueue="true", ContentBasedDeduplication="true")
    for body in ["a1", "b1", "a2", "a2", "b2"]:
        sqs.send_message(QueueUrl=url, MessageBody=body, MessageGroupId=body[0])
    first = receive(url, MaxNumberOfMessages=1)
    same(bodies(first), ["a1"])
    same(bodies(receive(url)), ["b1", "b2"])
    same(receive(url), [])
    sqs.delete_message(QueueUrl=url, ReceiptHandle=first[0]["ReceiptHandle"])
    same(bodies(receive(url)), ["a2"])


def dead_letters():
    dead = queue("dead")
    policy = json.dumps({"deadLetterTargetArn": f"{ARN}:{prefix}-dead", "maxReceiveCount": "2"})
    url = queue("source", RedrivePolicy=policy)
    sqs.send_message(QueueUrl=url, MessageBody="poison")
    for _ in range(2):
        same(bodies(receive(url, VisibilityTimeout=0)), ["poison"])
    same(receive(url), [])
    same(receive(dead)[0]["Attributes"]["DeadLetterQueueSourceArn"], f"{ARN}:{prefix}-source")
    same(sqs.list_dead_letter_source_queues(QueueUrl=dead)["queueUrls"], [url])


{"messages": messages, "batches": batches, "fifo": fifo, "dead_letters": dead_letters}[scenario]()
print(f"passed {scenario}")
