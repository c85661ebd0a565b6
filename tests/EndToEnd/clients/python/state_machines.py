"""Drives state machines and an activity with Debian's boto3: state_machines.py SCENARIO PREFIX."""

import json
import os
import sys

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

scenario, prefix = sys.argv[1:3]
sfn = boto3.client(
    "stepfunctions",
    endpoint_url=os.environ["AWS_ENDPOINT_URL"],
    config=Config(retries={"max_attempts": 0}, inject_host_prefix=False),
)
ROLE = "arn:aws:iam::000000000000:role/workflows"


def same(got, expected):
    assert got == expected, f"\n  expected {expected}\n  got      {got}"


def refused(action, code):
    try:
        action()
    except ClientError as error:
        same(error.response["Error"]["Code"], code)
        return
    raise AssertionError(f"{code} was expected")


def activity():
    arn = sfn.create_activity(name=f"{prefix}-work", tags=[{"key": "k", "value": "v"}])["activityArn"]
    work = {"Type": "Task", "Resource": arn, "HeartbeatSeconds": 600, "Next": "Good"}
    work["Catch"] = [{"ErrorEquals": ["Mine"], "Next": "Bad"}]
    states = {"Work": work, "Good": {"Type": "Succeed"}, "Bad": {"Type": "Pass", "End": True}}
    definition = json.dumps({"StartAt": "Work", "States": states})
    machine = sfn.create_state_machine(name=f"{prefix}-m", definition=definition, roleArn=ROLE)["stateMachineArn"]
    for name, end in (("good", True), ("bad", False)):
        execution = sfn.start_execution(stateMachineArn=machine, name=name, input='{"a": 1}')["executionArn"]
        given = sfn.get_activity_task(activityArn=arn, workerName="python")
        same(json.loads(given["input"]), {"a": 1})
        token = given["taskToken"]
        sfn.send_task_heartbeat(taskToken=token)
        if end:
            sfn.send_task_success(taskToken=token, output='{"done": true}')
        else:
            sfn.send_task_failure(taskToken=token, error="Mine", cause="because")
        refused(lambda: sfn.send_task_success(taskToken=token, output="1"), "TaskTimedOut")
        described = sfn.describe_execution(executionArn=execution)
        while described["status"] == "RUNNING":
            described = sfn.describe_execution(executionArn=execution)
        expected = {"done": True} if end else {"Error": "Mine", "Cause": "because"}
        same(json.loads(described["output"]), expected)
    pages = sfn.get_paginator("list_executions").paginate(stateMachineArn=machine, PaginationConfig={"PageSize": 1})
    same([item["name"] for page in pages for item in page["executions"]], ["bad", "good"])
    same(sfn.list_tags_for_resource(resourceArn=arn)["tags"], [{"key": "k", "value": "v"}])
    refused(lambda: sfn.send_task_heartbeat(taskToken="none"), "InvalidToken")
    refused(lambda: sfn.create_activity(name="no spaces"), "InvalidName")
    sfn.delete_state_machine(stateMachineArn=machine)
    sfn.delete_activity(activityArn=arn)


{"activity": activity}[scenario]()
print(f"passed {scenario}")
