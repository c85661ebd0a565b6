"""Drives buckets and objects with Debian's boto3: objects.py SCENARIO BUCKET FOLDER."""

import os
import sys
import urllib.request

import boto3
from boto3.s3.transfer import TransferConfig
from botocore.config import Config

scenario, bucket, folder = sys.argv[1:4]
s3 = boto3.client(
    "s3",
    endpoint_url=os.environ["AWS_ENDPOINT_URL"],
    config=Config(retries={"max_attempts": 0}, signature_version="s3v4"),
)


def same(got, expected):
    assert got == expected, f"\n  expected {expected}\n  got      {got}"


def transfer():
    path = os.path.join(folder, "big")
    with open(path, "wb") as file:
        file.write(os.urandom(12 * 1024 * 1024))
    s3.create_bucket(Bucket=bucket)
    config = TransferConfig(multipart_threshold=5 * 1024 * 1024, multipart_chunksize=5 * 1024 * 1024)
    s3.upload_file(path, bucket, "dir/big", Config=config, ExtraArgs={"Metadata": {"a": "1"}})
    s3.download_file(bucket, "dir/big", path + ".back", Config=config)
    with open(path, "rb") as one, open(path + ".back", "rb") as other:
        same(one.read() == other.read(), True)
    head = s3.head_object(Bucket=bucket, Key="dir/big")
    same((head["ContentLength"], head["Metadata"]), (12 * 1024 * 1024, {"a": "1"}))
    s3.copy({"Bucket": bucket, "Key": "dir/big"}, bucket, "copy", Config=config)
    same(s3.head_object(Bucket=bucket, Key="copy")["ContentLength"], 12 * 1024 * 1024)
    pages = s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, PaginationConfig={"PageSize": 1})
    same([item["Key"] for page in pages for item in page["Contents"]], ["copy", "dir/big"])


def presigned():
    s3.create_bucket(Bucket=bucket)
    put = s3.generate_presigned_url("put_object", Params={"Bucket": bucket, "Key": "k"}, ExpiresIn=60)
    with urllib.request.urlopen(urllib.request.Request(put, b"presigned", method="PUT")) as answer:
        same(answer.status, 200)
    get = s3.generate_presigned_url("get_object", Params={"Bucket": bucket, "Key": "k"}, ExpiresIn=60)
    with urllib.request.urlopen(get) as answer:
        same(answer.read(), b"presigned")


{"transfer": transfer, "presigned": presigned}[scenario]()
print(f"passed {scenario}")
