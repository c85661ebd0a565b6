"""Signs requests with botocore's own signer and prints them, one JSON object a line.

Usage: generate.py COUNT SEED. What is random comes from the seed; the time is the real one.
"""
import hashlib
import json
import random
import sys
from urllib.parse import urlsplit

from botocore.auth import S3SigV4Auth, SigV4Auth, SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from botocore.utils import percent_encode, percent_encode_sequence

COUNT, SEED = int(sys.argv[1]), int(sys.argv[2])
SECRET = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
ALPHABET = "abzAZ09-_.~ +%&=;:,@!$'()*/?#[]|<>\"\\^`{}äß漢😀\u0301"
chance = random.Random(SEED)


def text(low, high):
    return "".join(chance.choice(ALPHABET) for _ in range(chance.randint(low, high)))


def path(kind):
    # S3's signer takes the path as it is, and clients encode an object's key strictly.
    safe = ["-._~/"] if kind == "s3" else ["-._~", "-._~:", "-._~/+"]
    parts = [percent_encode(text(1, 12), safe=chance.choice(safe)) for _ in range(chance.randint(0, 5))]
    extra = chance.choice(["", "", "", "/", "//", "/./", "/../", "/..", "/."])
    return "/" + "/".join(parts) + extra


def request(kind):
    query = [(text(0, 8) or "k", text(0, 12)) for _ in range(chance.randint(0, 6))]
    url = "http://127.0.0.1:9550" + path(kind)
    if query:
        url += "?" + percent_encode_sequence(query)
    headers = {"content-type": "application/json"}
    for _ in range(chance.randint(0, 3)):
        headers["x-amz-" + chance.choice("abcdef") * 2] = "  " + chance.choice(
            ["a   b", "plain", "a,b , c", "tab\tand  space", "ä ö", ""]) + " "
    body = text(0, 40).encode()
    return AWSRequest(method=chance.choice(["GET", "POST", "PUT", "DELETE", "HEAD"]), url=url, data=body,
                      headers=headers)


for number in range(COUNT):
    token = "token/with+signs==" if chance.random() < 0.3 else None
    credentials = Credentials("AKIDEXAMPLE", SECRET, token)
    kind = chance.choice(["header", "header", "query", "s3"])
    signed = request(kind)
    if kind == "query":
        # botocore moves a body into the query, which is not what is to be tried.
        signed.data = b""
    body = signed.data or b""
    if kind == "header":
        SigV4Auth(credentials, "lambda", "eu-west-1").add_auth(signed)
    elif kind == "s3":
        S3SigV4Auth(credentials, "s3", "eu-west-1").add_auth(signed)
    else:
        SigV4QueryAuth(credentials, "lambda", "eu-west-1", expires=60).add_auth(signed)
    prepared = signed.prepare()
    target = urlsplit(prepared.url)
    print(json.dumps({
        "kind": kind,
        "method": prepared.method,
        "path": target.path,
        "query": target.query,
        "headers": [[name.lower(), value.decode() if isinstance(value, bytes) else value]
                    for name, value in prepared.headers.items()],
        "hash": prepared.headers.get("X-Amz-Content-SHA256") or hashlib.sha256(body).hexdigest(),
    }))
