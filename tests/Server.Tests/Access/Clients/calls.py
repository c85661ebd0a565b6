"""Calls a server with an unmodified boto3 and prints what happened, one JSON object a call.

Usage: calls.py ENDPOINT; the keys come from the environment as for any AWS program.
"""
import json
import os
import sys
import urllib.error
import urllib.request

import boto3
from botocore.auth import SigV4Auth, SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.config import Config
from botocore.exceptions import ClientError

ENDPOINT = sys.argv[1]
session = boto3.Session(region_name="us-east-1")
config = Config(retries={"max_attempts": 0}, connect_timeout=10, read_timeout=10)
aws_lambda = session.client("lambda", endpoint_url=ENDPOINT, config=config)
sts = session.client("sts", endpoint_url=ENDPOINT, config=config)
# boto3 before 2023 does not know how a function URL answers.
url_members = aws_lambda.meta.service_model.operation_model("CreateFunctionUrlConfig").input_shape.members
streaming = {"InvokeMode": "RESPONSE_STREAM"} if "InvokeMode" in url_members else {}


def report(name, call):
    try:
        result = call()
        if isinstance(result, dict):
            result.pop("ResponseMetadata", None)
        print(json.dumps({"name": name, "ok": True, "result": result}, default=str))
    except AttributeError:
        print(json.dumps({"name": name, "unknown": True}))
    except ClientError as error:
        print(json.dumps({
            "name": name, "ok": False, "code": error.response["Error"]["Code"],
            "message": error.response["Error"]["Message"],
            "status": error.response["ResponseMetadata"]["HTTPStatusCode"]}))


def raw(name, method, path, body=b"", headers=None, presign=False):
    """Signs any address with botocore and sends it with urllib, as a home-made client would."""
    request = AWSRequest(method=method, url=ENDPOINT + path, data=body, headers=headers or {})
    credentials = session.get_credentials().get_frozen_credentials()
    if presign:
        SigV4QueryAuth(credentials, "lambda", "us-east-1", expires=60).add_auth(request)
    else:
        SigV4Auth(credentials, "lambda", "us-east-1").add_auth(request)
    prepared = request.prepare()
    sent = urllib.request.Request(prepared.url, method=method, data=body or None)
    for header, value in prepared.headers.items():
        sent.add_header(header, value)
    try:
        with urllib.request.urlopen(sent, timeout=10) as response:
            print(json.dumps({"name": name, "ok": True, "result": response.read().decode()}))
    except urllib.error.HTTPError as error:
        print(json.dumps({"name": name, "ok": False, "code": "", "message": error.read().decode(),
                          "status": error.code}))


ARN = "arn:aws:lambda:us-east-1:000000000000:function:hello"
report("sts", sts.get_caller_identity)
report("sts-session", lambda: sts.get_session_token())
report("config", lambda: aws_lambda.get_function_configuration(FunctionName="hello"))
report("config-arn", lambda: aws_lambda.get_function_configuration(FunctionName=ARN))
report("config-arn-alias", lambda: aws_lambda.get_function_configuration(FunctionName=ARN + ":prod"))
report("config-latest", lambda: aws_lambda.get_function_configuration(FunctionName="hello", Qualifier="$LATEST"))
report("list", lambda: aws_lambda.list_functions(MaxItems=7))
report("add", lambda: aws_lambda.add_permission(
    FunctionName="hello", StatementId="s1", Action="lambda:InvokeFunction", Principal="s3.amazonaws.com",
    SourceArn="arn:aws:s3:::photos", SourceAccount="111111111111"))
report("add-again", lambda: aws_lambda.add_permission(
    FunctionName="hello", StatementId="s1", Action="lambda:InvokeFunction", Principal="*"))
report("add-alias", lambda: aws_lambda.add_permission(
    FunctionName=ARN, Qualifier="prod", StatementId="s2", Action="lambda:*", Principal="222222222222"))
report("policy", lambda: aws_lambda.get_policy(FunctionName="hello"))
report("policy-alias", lambda: aws_lambda.get_policy(FunctionName="hello", Qualifier="prod"))
report("remove", lambda: aws_lambda.remove_permission(FunctionName="hello", StatementId="s1"))
report("policy-gone", lambda: aws_lambda.get_policy(FunctionName="hello"))
report("concurrency", lambda: aws_lambda.put_function_concurrency(
    FunctionName="hello", ReservedConcurrentExecutions=100))
report("concurrency-too-much", lambda: aws_lambda.put_function_concurrency(
    FunctionName="hello", ReservedConcurrentExecutions=901))
report("concurrency-get", lambda: aws_lambda.get_function_concurrency(FunctionName="hello"))
report("settings", aws_lambda.get_account_settings)
report("concurrency-delete", lambda: aws_lambda.delete_function_concurrency(FunctionName="hello"))
report("url", lambda: aws_lambda.create_function_url_config(
    FunctionName="hello", AuthType="NONE", Cors={"AllowOrigins": ["*"], "AllowMethods": ["GET"], "MaxAge": 60}))
report("url-again", lambda: aws_lambda.create_function_url_config(FunctionName="hello", AuthType="NONE"))
report("url-alias", lambda: aws_lambda.create_function_url_config(
    FunctionName="hello", Qualifier="prod", AuthType="AWS_IAM", **streaming))
report("url-update", lambda: aws_lambda.update_function_url_config(FunctionName="hello", AuthType="AWS_IAM", Cors={}))
report("url-list", lambda: [page for page in aws_lambda.get_paginator("list_function_url_configs").paginate(
    FunctionName="hello", PaginationConfig={"PageSize": 1})])
report("url-delete", lambda: aws_lambda.delete_function_url_config(FunctionName="hello"))
report("url-gone", lambda: aws_lambda.get_function_url_config(FunctionName="hello"))
report("tag", lambda: aws_lambda.tag_resource(
    Resource=ARN, Tags={"team": "blue & green", "ünïcode": "漢字 😀", "lambent:environment-concurrency": "64"}))
report("tags", lambda: aws_lambda.list_tags(Resource=ARN))
report("untag", lambda: aws_lambda.untag_resource(Resource=ARN, TagKeys=["team", "ünïcode", "not there"]))
report("tags-after", lambda: aws_lambda.list_tags(Resource=ARN))
report("tag-alias", lambda: aws_lambda.tag_resource(Resource=ARN + ":prod", Tags={"a": "b"}))
report("runtime-management", lambda: aws_lambda.get_runtime_management_config(FunctionName="hello"))
report("recursion", lambda: aws_lambda.get_function_recursion_config(FunctionName="hello"))
report("code-signing", lambda: aws_lambda.get_function_code_signing_config(FunctionName="hello"))
report("other-account", lambda: aws_lambda.get_function(
    FunctionName="arn:aws:lambda:us-east-1:222222222222:function:secret"))
report("other-account-missing", lambda: aws_lambda.get_function(
    FunctionName="arn:aws:lambda:us-east-1:222222222222:function:nothing"))

for presign in (False, True):
    form = "presigned" if presign else "header"
    for path in ["/", "/who", "/a%20b/c%2Fd/e%3Af", "/%E6%BC%A2/%F0%9F%98%80", "/a+b;c=d@e!$'()*,", "/who/",
                 "/x?a=1&b=2&a=0", "/x?q=%20%2B%26%3D&empty=", "/x?%E6%BC%A2=%E5%AD%97", "/x?-._~=-._~&A=a&a=A",
                 "/functions/" + ARN.replace(":", "%3A") + "/who", "/functions/" + ARN + "/who"]:
        raw(f"{form} {path}", "GET", path, presign=presign)
raw("body", "POST", "/who?x=1", body="{\"ü\": \"😀\"}".encode(), headers={"Content-Type": "application/json"})
raw("headers", "PUT", "/who", body=b"x" * 100_000, headers={
    "Content-Type": "text/plain;  charset=utf-8", "X-Amz-Meta-Spaces": "  a   b  ", "X-Custom": "a,b, c"})

for code, key, secret in [
        ("wrong-secret", os.environ["AWS_ACCESS_KEY_ID"], "x" * 40),
        ("wrong-key", "AKIAIOSFODNN7EXAMPLE", "x" * 40)]:
    stranger = boto3.Session(key, secret, region_name="us-east-1")
    report(code, lambda: stranger.client("lambda", endpoint_url=ENDPOINT, config=config).list_functions())
    report(code + "-sts", lambda: stranger.client("sts", endpoint_url=ENDPOINT, config=config).get_caller_identity())
abroad = boto3.Session(region_name="eu-west-1")
report("wrong-region", lambda: abroad.client("lambda", endpoint_url=ENDPOINT, config=config).list_functions())
