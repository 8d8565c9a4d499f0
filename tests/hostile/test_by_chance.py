"""Random requests, signed and not."""

import json
from typing import Any
from urllib.parse import urlencode

import pytest
import wire
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from refusals import COMMON, FORM, JSON, PHOTO, check

from koutu.contract import ACTIONS

pytestmark = pytest.mark.long

KEYS = st.one_of(
    st.sampled_from([*COMMON, "Signature", "Format", "ImageURL", "URL", "SecurityToken", "BearerToken", "ClothClass.1"]),
    st.text(max_size=20),
)
VALUES = st.one_of(
    st.sampled_from(["", "2019-12-30", "JSON", "XML", "SegmentBody", "RefineMask", "HMAC-SHA1", "1.0", PHOTO]),
    st.text(max_size=50),
)
CHANCE = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@CHANCE
@given(params=st.dictionaries(KEYS, VALUES, max_size=12), method=st.sampled_from(["GET", "POST"]))
def test_unsigned_by_chance(watched: Any, params: dict[str, str], method: str) -> None:
    check(watched.client.request(method, "/", params=urlencode(params, errors="replace")))


@CHANCE
@given(
    params=st.dictionaries(KEYS.filter(lambda key: key not in COMMON), VALUES, max_size=8),
    action=st.sampled_from([*ACTIONS, "AuthorizeFileUpload"]),
)
def test_signed_by_chance(watched: Any, params: dict[str, str], action: str) -> None:
    clean = {
        name: value
        for name, value in params.items()
        if name not in ("ImageURL", "ImageUrl", "URL", "ReplaceImageURL", "MaskImageURL")
    }
    query = urlencode(wire.sign_rpc(watched.key, {**wire.common(watched.key, action), **clean}), errors="replace")
    check(watched.client.post("/", content=query, headers=FORM))


@CHANCE
@given(
    body=st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(max_size=20),
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4),
        max_leaves=20,
    )
)
def test_json_by_chance(watched: Any, body: object) -> None:
    check(watched.client.post("/", content=json.dumps(body).encode(), headers=JSON))


@CHANCE
@given(
    body=st.binary(max_size=300),
    kind=st.sampled_from(
        ["application/json", "application/x-www-form-urlencoded", "multipart/form-data; boundary=X", "", "text/xml"]
    ),
)
def test_bytes_by_chance(watched: Any, body: bytes, kind: str) -> None:
    check(watched.client.post("/", content=body, headers={"Content-Type": kind} if kind else {}))


@CHANCE
@given(header=st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=200))
def test_authorization_by_chance(watched: Any, header: str) -> None:
    check(
        watched.client.post(
            "/",
            headers={
                "authorization": ("ACS3-HMAC-SHA256 " + header).strip(),
                "x-acs-action": "SegmentBody",
                "x-acs-version": "2019-12-30",
            },
        )
    )
