"""Addresses that must not be fetched, parameters of the wrong kind, jobs that are none."""

import uuid
from typing import Any

import pytest
import wire
from refusals import FORM, PHOTO, check, short

from koutu.contract import ACTIONS

pytestmark = pytest.mark.long

URLS = [
    "",
    " ",
    "photo.jpg",
    "/etc/passwd",
    "file:///etc/passwd",
    "ftp://example.com/a",
    "gopher://127.0.0.1:6379/_INFO",
    "dict://127.0.0.1/",
    "data:image/png;base64,AAAA",
    "javascript:alert(1)",
    "http://",
    "http:///",
    "http://?",
    "http://#",
    "http://:80",
    "http://.",
    "http://..",
    "http://[",
    "http://[]",
    "http://[::",
    "http://[::1",
    "http://a:b@127.0.0.1/",
    "http://127.0.0.1",
    "http://127.0.0.1:22/",
    "http://localhost/",
    "http://localhost.localdomain/",
    "http://0/",
    "http://0.0.0.0/",
    "http://127.1/",
    "http://2130706433/",
    "http://0x7f.0.0.1/",
    "http://0177.0.0.1/",
    "http://[::1]/",
    "http://[::ffff:127.0.0.1]/",
    "http://[::ffff:7f00:1]/",
    "http://[0:0:0:0:0:ffff:127.0.0.1]/",
    "http://[64:ff9b::7f00:1]/",
    "http://[2002:7f00:1::]/",
    "http://169.254.169.254/latest/meta-data/",
    "http://100.100.100.200/latest/meta-data/",
    "http://[fd00:ec2::254]/",
    "http://10.0.0.1/",
    "http://192.168.0.1/",
    "http://172.16.0.1/",
    "http://100.64.0.1/",
    "http://224.0.0.1/",
    "http://255.255.255.255/",
    "http://127.0.0.1:{port}/",
    "http://127.0.0.1:{port}/healthz",
    "http://http://127.0.0.1:{port}/healthz",
    "https://https://127.0.0.1/",
    "http://127.0.0.1:{port}/upload/" + "0" * 32 + "/" + "0" * 32,
    "http://127.0.0.1:{port}/upload/../koutu.db",
    "http://127.0.0.1:{port}/results/2026-11-22/x.png?Expires=1&OSSAccessKeyId=koutu-links&Signature=x",
    "http://example.com/中.jpg",
    "http://例子.com/",
    "http://exa mple.com/",
    "http://example.com/\r\nX: y",
    "http://example.com/\t",
    "http://example.com\\@127.0.0.1/",
    "http://example.com:99999/",
    "http://example.com:-1/",
    "http://example.com:٨٠/",
    "http://１２７.0.0.1/",
    "http://" + "a" * 300 + ".com/",
    "http://" + "a." * 2000 + "com/",
    "http://example.com/" + "a" * 100_000,
    "http://%31%32%37.0.0.1/",
    "http://127.0.0.1%00.example.com/",
    "http://{host}/absent.jpg",
    "http://{host}/../../etc/passwd",
    "http://0x7f000001:{port}/",
    "hTTp://LOCALHOST/",
    "http://localhost%2f/",
    "//127.0.0.1/",
]


@pytest.mark.parametrize("url", URLS, ids=short)
@pytest.mark.parametrize("form", [False, True])
def test_urls(watched: Any, url: str, form: bool) -> None:
    given = url.replace("{port}", str(watched.port)).replace("{host}", watched.photo_host)
    query = wire.rpc_query(watched.key, "SegmentCommonImage", ImageURL=given)
    if form or len(query) > 50_000:
        answer = watched.client.post("/", content=query, headers=FORM)
    else:
        answer = watched.client.post("/?" + query)
    check(
        answer,
        "MissingImageURL",
        "InvalidImage.URL",
        "IllegalUrlParameter",
        "InvalidImage.Unsafe",
        "InvalidImage.Download",
        "InvalidParameter",
    )


@pytest.mark.parametrize("action", list(ACTIONS))
@pytest.mark.parametrize("given", ["", None])
def test_every_action_without_its_parameters(watched: Any, action: str, given: str | None) -> None:
    names = {parameter.name: given for parameter in ACTIONS[action].params.values()}
    check(
        watched.client.post("/?" + wire.rpc_query(watched.key, action, **names)),
        "MissingImageURL",
        "MissingParameter",
        "InvalidApi.OutOfService",
    )


@pytest.mark.parametrize(
    "job",
    [
        "",
        "x",
        "../../",
        "' OR ''='",
        "%",
        "A" * 50_000,
        "\u202e",
        str(uuid.UUID(int=0)),
        str(uuid.UUID(int=0)).upper(),
        "{}",
        "null",
    ],
    ids=short,
)
@pytest.mark.parametrize("version", ["2019-12-30", "2023-01-17"])
def test_jobs_that_are_none(watched: Any, job: str, version: str) -> None:
    query = wire.rpc_query(watched.key, "GetAsyncJobResult", JobId=job, Version=version)
    check(watched.client.post("/", content=query, headers=FORM), "InvalidParameter", "MissingParameter")


@pytest.mark.parametrize("value", ["yes", "1", "TRUE ", "null", "真", "x" * 5000], ids=short)
def test_values_of_the_wrong_type(watched: Any, value: str) -> None:
    query = wire.rpc_query(watched.key, "SegmentBody", ImageURL=PHOTO, Async=value)
    check(watched.client.post("/", content=query, headers=FORM), "InvalidParameter.Convert", "InvalidApi.OutOfService")
