"""Uploads that were not granted, are none, or are too large."""

import base64
from typing import Any

import pytest
import wire
from refusals import check, short

pytestmark = pytest.mark.long


def grant(watched: Any) -> dict[str, Any]:
    query = wire.rpc_query(
        watched.key, "AuthorizeFileUpload", "GET", Version="2019-12-19", Product="imageseg", RegionId="cn-shanghai"
    )
    answer = watched.client.get("/?" + query)
    assert answer.status_code == 200
    body: dict[str, Any] = answer.json()
    return body


def upload_fields(granted: dict[str, Any]) -> dict[str, str]:
    return {
        "OSSAccessKeyId": granted["AccessKeyId"],
        "policy": granted["EncodedPolicy"],
        "Signature": granted["Signature"],
        "key": granted["ObjectKey"],
        "success_action_status": "201",
    }


@pytest.mark.parametrize(
    "changes",
    [
        {"Signature": "x"},
        {"Signature": None},
        {"policy": None},
        {"policy": base64.b64encode(b"{}").decode()},
        {"policy": "!" * 1000},
        {"policy": "x" * 100_000},
        {"key": None},
        {"key": "upload/../../secret.key"},
        {"key": "results/x.png"},
        {"key": "x" * 10_000},
        {"OSSAccessKeyId": "koutu-links"},
        {"OSSAccessKeyId": None},
    ],
)
def test_uploads_that_were_not_granted(watched: Any, changes: dict[str, str | None]) -> None:
    fields = {name: value for name, value in {**upload_fields(grant(watched)), **changes}.items() if value is not None}
    check(watched.client.post("/", data=fields, files={"file": ("a", b"pixels", "")}))


@pytest.mark.parametrize(
    ("kind", "body"),
    ids=short,
    argvalues=[
        ("multipart/form-data", b""),
        ("multipart/form-data; boundary=", b"--\r\n"),
        ("multipart/form-data; boundary=XX", b""),
        ("multipart/form-data; boundary=XX", b"--XX--"),
        ("multipart/form-data; boundary=XX", b"--XX\r\n" * 10_000),
        ("multipart/form-data; boundary=XX", b"--XX\r\n" + b"a" * 100_000),
        ("multipart/form-data; boundary=XX", b"x" * 5_000_000),
        ("multipart/form-data; boundary=XX", b'--XX\r\nContent-Disposition: form-data; name="file"\r\n\r\n' + b"x" * 1_000_000),
        ("multipart/form-data; boundary=" + "X" * 5000, b"--X"),
        ("multipart/form-data; boundary=XX", b'--XX\r\nContent-Disposition: form-data; name="a"\r\n\r\nb\r\n' * 500),
        ("multipart/mixed; boundary=XX", b"--XX--"),
    ],
)
def test_forms_that_are_none(watched: Any, kind: str, body: bytes) -> None:
    check(watched.client.post("/", content=body, headers={"Content-Type": kind}))


def test_an_upload_over_its_limit(watched: Any) -> None:
    fields = upload_fields(grant(watched))
    check(watched.client.post("/", data=fields, files={"file": ("a", bytes(41 * 1024 * 1024), "")}), "EntityTooLarge")
