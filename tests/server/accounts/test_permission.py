"""What keys and accounts may call."""

import pytest

from koutu.errors import InvalidParameter
from koutu.server.accounts.permission import Permission, stored


@pytest.mark.parametrize(
    ("names", "action", "allowed"),
    [
        ("*", "SegmentBody", True),
        ("portrait", "SegmentBody", True),
        ("portrait", "SegmentFood", False),
        ("SegmentBody", "SegmentBody", True),
        ("SegmentBody", "SegmentHead", False),
        ("portrait, SegmentFood", "SegmentFood", True),
        ("", "SegmentBody", False),
        ("", "GetAsyncJobResult", True),
        ("SegmentBody", "AuthorizeFileUpload", True),
    ],
)
def test_everything_a_family_or_single_actions(names: str, action: str, allowed: bool) -> None:
    assert Permission.parse(names).allows(action) is allowed
    assert stored(str(Permission.parse(names))).allows(action) is allowed


def test_a_name_that_means_nothing_is_refused_and_the_families_are_named() -> None:
    with pytest.raises(InvalidParameter, match="portrait"):
        Permission.parse("SegmentBody,SegmentNothing")


def test_a_stored_name_that_is_no_longer_known_allows_nothing() -> None:
    assert not stored("SegmentGone").allows("SegmentBody")
