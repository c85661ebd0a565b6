"""Drives the platform with Debian's unmodified boto3, as its users do: client.py SCENARIO PREFIX FOLDER ERRORS."""

import base64
import datetime
import hashlib
import json
import re
import sys
import urllib.request
import zipfile
from io import BytesIO
from unittest import mock

import boto3
import botocore.auth
from botocore import xform_name
from botocore.config import Config
from botocore.exceptions import ClientError

scenario, prefix, work, error_table = sys.argv[1:5]
ARN = "arn:aws:lambda:us-east-1:000000000000:function"
ROLE = "arn:aws:iam::000000000000:role/lambda"
WAITING = {"Delay": 1, "MaxAttempts": 30}


def connect(service="lambda", **more):
    import os

    return boto3.client(
        service, endpoint_url=os.environ["AWS_ENDPOINT_URL"], config=Config(retries={"max_attempts": 0}), **more
    )


client = connect()


def package(name):
    with open(f"{work}/{name}.zip", "rb") as file:
        return file.read()


def same(got, expected):
    assert got == expected, f"\n  expected {expected}\n  got      {got}"


def refused(action, status, code, message=None):
    try:
        action()
    except ClientError as error:
        answer = error.response
        same((answer["ResponseMetadata"]["HTTPStatusCode"], answer["Error"]["Code"]), (status, code))
        if message is not None:
            same(answer["Error"]["Message"], message)
        return answer
    raise AssertionError(f"{code} was expected")


def create(name, handler="functions.hello", **more):
    created = client.create_function(
        FunctionName=name, Runtime="python3.11", Handler=handler, Role=ROLE, Code={"ZipFile": package("python")}, **more
    )
    client.get_waiter("function_active_v2").wait(FunctionName=name, WaiterConfig=WAITING)
    return created


def updated(name):
    client.get_waiter("function_updated_v2").wait(FunctionName=name, WaiterConfig=WAITING)


def invoke(name, event=None, **more):
    answer = client.invoke(FunctionName=name, Payload=json.dumps(event or {}), **more)
    return answer, json.loads(answer["Payload"].read() or "null")


def lifecycle(name):
    created = create(name, Description="first", Environment={"Variables": {"KEY": "one"}})
    same(
        [created["ResponseMetadata"]["HTTPStatusCode"], created["State"], created["StateReasonCode"]],
        [201, "Pending", "Creating"],
    )
    same(created["CodeSha256"], base64.b64encode(hashlib.sha256(package("python")).digest()).decode())
    same(client.get_function(FunctionName=name)["Configuration"]["State"], "Active")
    answer, payload = invoke(name, {"name": "Ada"})
    same((answer["StatusCode"], answer["ExecutedVersion"], payload), (200, "$LATEST", {"hello": "Ada"}))
    changed = client.update_function_configuration(
        FunctionName=name, Handler="functions.variables", Timeout=7, Environment={"Variables": {"KEY": "two"}}
    )
    same((changed["LastUpdateStatus"], changed["Timeout"]), ("InProgress", 7))
    updated(name)
    same(invoke(name)[1]["KEY"], "two")
    client.update_function_code(FunctionName=name, ZipFile=package("python-other"))
    updated(name)
    client.update_function_configuration(FunctionName=name, Handler="functions.handler")
    updated(name)
    same(invoke(name)[1], "other code")
    same(client.delete_function(FunctionName=name)["ResponseMetadata"]["HTTPStatusCode"], 204)
    refused(
        lambda: client.delete_function(FunctionName=name), 404, "ResourceNotFoundException",
        f"Function not found: {ARN}:{name}",
    )


def invocation_types(name):
    create(name, "functions.nothing")
    event = client.invoke(FunctionName=name, InvocationType="Event")
    same((event["StatusCode"], event["Payload"].read()), (202, b""))
    same(client.invoke(FunctionName=name, InvocationType="DryRun")["StatusCode"], 204)
    same(invoke(name)[1], None)
    tail = base64.b64decode(invoke(name, LogType="Tail")[0]["LogResult"]).decode()
    assert re.search(r"REPORT RequestId: .*Duration: .* ms\tBilled Duration: .* ms\tMemory Size: 128 MB\t", tail), tail


def paging(name):
    names = [f"{name}-{letter}" for letter in "abc"]
    for one in names:
        create(one)
    pages = client.get_paginator("list_functions").paginate(PaginationConfig={"PageSize": 2})
    listed = [function["FunctionName"] for page in pages for function in page["Functions"]]
    same(len(listed), len(set(listed)))
    same([one for one in listed if one in names], names)


def versions(name):
    create(name, "functions.fields")
    same(client.publish_version(FunctionName=name)["Version"], "1")
    client.update_function_configuration(FunctionName=name, Description="second")
    updated(name)
    same(client.publish_version(FunctionName=name)["Version"], "2")
    client.create_alias(
        FunctionName=name, Name="live", FunctionVersion="1", RoutingConfig={"AdditionalVersionWeights": {"2": 1.0}}
    )
    answer, payload = invoke(f"{ARN}:{name}:live")
    same((answer["ExecutedVersion"], payload["version"], payload["arn"]), ("2", "2", f"{ARN}:{name}:live"))
    client.update_alias(FunctionName=name, Name="live", RoutingConfig={"AdditionalVersionWeights": {}})
    same(invoke(name, Qualifier="live")[0]["ExecutedVersion"], "1")
    same(client.get_alias(FunctionName=name, Name="live")["FunctionVersion"], "1")


def layers(name):
    layer = client.publish_layer_version(LayerName=f"{name}-layer", Content={"ZipFile": package("layer")})
    create(name, "functions.layered", Layers=[layer["LayerVersionArn"]])
    same(invoke(name)[1], {"file": "words of a layer", "module": "imported"})
    location = client.get_layer_version(LayerName=f"{name}-layer", VersionNumber=1)["Content"]["Location"]
    assert "words.txt" in zipfile.ZipFile(BytesIO(urllib.request.urlopen(location).read())).namelist()


def permissions(name):
    create(name)
    added = client.add_permission(
        FunctionName=name, StatementId="s1", Action="lambda:InvokeFunction", Principal="123456789012"
    )
    same(json.loads(added["Statement"])["Principal"], {"AWS": "arn:aws:iam::123456789012:root"})
    policy = json.loads(client.get_policy(FunctionName=name)["Policy"])
    same([statement["Sid"] for statement in policy["Statement"]], ["s1"])
    client.remove_permission(FunctionName=name, StatementId="s1")
    refused(lambda: client.get_policy(FunctionName=name), 404, "ResourceNotFoundException")


def concurrency(name):
    create(name)
    client.put_function_concurrency(FunctionName=name, ReservedConcurrentExecutions=0)
    answer = refused(lambda: invoke(name), 429, "TooManyRequestsException", "Rate Exceeded.")
    same(answer["Reason"], "ReservedFunctionConcurrentInvocationLimitExceeded")
    client.delete_function_concurrency(FunctionName=name)
    same(invoke(name)[0]["StatusCode"], 200)


def download(name):
    create(name)
    location = client.get_function(FunctionName=name)["Code"]["Location"]
    names = zipfile.ZipFile(BytesIO(urllib.request.urlopen(location).read())).namelist()
    assert "functions.py" in names, names


def identity(name):
    answer = connect("sts").get_caller_identity()
    same((answer["Account"], answer["Arn"]), ("000000000000", "arn:aws:iam::000000000000:root"))


def credentials(name):
    session = boto3.Session().get_credentials()
    key, secret = session.access_key, session.secret_key
    refused(
        connect(aws_access_key_id="AKIAIOSFODNN7EXAMPLE", aws_secret_access_key=secret).list_functions,
        403, "UnrecognizedClientException", "The security token included in the request is invalid.",
    )
    tampered = connect(aws_access_key_id=key, aws_secret_access_key=secret + "x")
    refused(tampered.list_functions, 403, "InvalidSignatureException")

    class Skewed(datetime.datetime):
        @classmethod
        def utcnow(cls):
            return super().utcnow() - datetime.timedelta(hours=1)

    with mock.patch("datetime.datetime", Skewed):
        answer = refused(client.list_functions, 403, "InvalidSignatureException")
    assert answer["Error"]["Message"].startswith("Signature expired: "), answer


def errors(name):
    create(name)
    client.publish_version(FunctionName=name)
    client.create_alias(FunctionName=name, Name="live", FunctionVersion="1")
    client.add_permission(
        FunctionName=name, StatementId="s1", Action="lambda:InvokeFunction", Principal="s3.amazonaws.com"
    )
    layer = f"arn:aws:lambda:us-east-1:000000000000:layer:{name}-none"

    def fill(text):
        for mark, value in (("{name}", name), ("{arn}", ARN), ("{layer}", layer), ("{4096}", "x" * 4096)):
            text = text.replace(mark, value)
        return text

    base = {
        "FunctionName": f"{name}-other", "Runtime": "python3.11", "Handler": "functions.hello", "Role": ROLE,
        "Code": {"ZipFile": package("python")},
    }
    wrong = []
    with open(error_table) as file:
        rows = json.load(file)
    for row in rows:
        given = {**(base if row.get("base") else {}), **json.loads(fill(json.dumps(row["input"])))}
        expected = fill(row.get("message", row.get("starts")))
        try:
            getattr(client, xform_name(row["operation"]))(**given)
            got = (None, "no error", "")
        except ClientError as error:
            answer = error.response
            status = answer["ResponseMetadata"]["HTTPStatusCode"]
            got = (status, answer["Error"]["Code"], answer["Error"].get("Message", ""))
        text = got[2] if "message" in row else got[2][: len(expected)]
        if (got[0], got[1], text) != (row["status"], row["code"], expected):
            wrong.append(f"{row['operation']} {str(row['input'])[:200]}\n  expected {row['status']} {row['code']} "
                         f"{expected}\n  got      {got[0]} {got[1]} {got[2][:400]}")
    assert not wrong, "\n" + "\n".join(wrong)


globals()[scenario](f"{prefix}-{scenario.replace('_', '-')}")
print(f"passed {scenario}")
