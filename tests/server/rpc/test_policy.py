"""Policies of AssumeRole."""

import json
from typing import Any

import pytest

from koutu.errors import InvalidParameter
from koutu.server.accounts.permission import GRANTED
from koutu.server.rpc.policy import permission_of


def _policy(*statements: dict[str, Any]) -> str:
    return json.dumps({"Version": "1", "Statement": list(statements)})


@pytest.mark.parametrize(
    ("actions", "allowed"),
    [
        ("imageseg:SegmentBody", {"SegmentBody"}),
        (["viapi-imageseg:SegmentHDB*", "imageseg:RefineMask"], {"SegmentHDBody", "RefineMask"}),
        ("oss:GetObject", set()),
        ("*", set(GRANTED)),
        ("imageseg:[S]egmentBody", set()),
    ],
)
def test_allows_what_is_named(actions: Any, allowed: set[str]) -> None:
    permission = permission_of(_policy({"Effect": "Allow", "Action": actions, "Resource": "*"}))
    assert {action for action in GRANTED if permission.allows(action)} == allowed


def test_a_denial_outweighs_and_denying_alone_allows_nothing() -> None:
    deny = {"Effect": "Deny", "Action": "imageseg:SegmentBody"}
    permission = permission_of(_policy({"Effect": "Allow", "Action": "imageseg:Segment*"}, deny))
    assert permission.allows("SegmentHead")
    assert not permission.allows("SegmentBody")
    assert permission_of(_policy(deny)).names == ()


@pytest.mark.parametrize(
    "policy",
    [
        "no json",
        "[]",
        "{}",
        '{"Statement": [1]}',
        "[" * 2000,
        " " * 3000,
        _policy({"Effect": "Maybe", "Action": "*"}),
        _policy({"Effect": "Allow"}),
        _policy({"Effect": "Allow", "Action": [1]}),
        _policy({"Effect": "Allow", "Action": "*", "Resource": "acs:oss:*"}),
        _policy({"Effect": "Allow", "Action": "*", "Condition": {}}),
    ],
)
def test_what_is_not_understood_is_refused(policy: str) -> None:
    with pytest.raises(InvalidParameter):
        permission_of(policy)
