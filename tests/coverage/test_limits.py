"""The contract's limits to the pixel and to the byte, over the wire, for every action."""

from typing import Any

import pytest

from koutu.contract import ACTIONS, Action

LIMITED = [action for action in ACTIONS.values() if action.limits]
FORMATS = {
    "JPEG": ("RGB", "L", "CMYK"),
    "PNG": ("1", "P", "L", "RGB", "RGBA"),
    "BMP": ("RGB",),
    "WEBP": ("RGB", "RGBA"),
    "GIF": ("P",),
    "TIFF": ("RGB",),
}
PNG_BITS = {"1": 1, "P": 8, "L": 8, "RGB": 24, "RGBA": 32}


@pytest.fixture(params=LIMITED, ids=lambda action: str(action.name))
def action(request: pytest.FixtureRequest) -> Action:
    chosen: Action = request.param
    return chosen


def code(server: Any, action: Action, picture: str) -> str:
    """What becomes of a call with this picture: "" for success. An asynchronous call tells in its job."""
    body = server.call(action.name, **server.images(action.name, picture)).json()
    if action.asynchronous != "always" or "Code" in body:
        return str(body.get("Code", ""))
    while True:
        data = server.call("GetAsyncJobResult", JobId=body["RequestId"]).json()["Data"]
        if data["Status"] not in ("QUEUING", "PROCESSING"):
            return str(data.get("ErrorCode", ""))


def test_sides(server: Any, action: Action) -> None:
    limits = action.limits
    assert limits
    small = (limits.min_side or 0) + 1
    # A side that is allowed whatever the ratio of the two may have to be.
    other = max(small, 60)
    cases: list[tuple[int, int, str]] = [(small, small, "")] if small >= 45 else []
    if limits.min_side:
        cases += [(limits.min_side, other, "InvalidImage.Resolution"), (other, limits.min_side, "InvalidImage.Resolution")]
    if limits.max_side:
        beside = other if limits.aspect_ratio is None else limits.max_side // 2 + 1
        cases += [(limits.max_side - 1, beside, ""), (beside, limits.max_side - 1, "")]
        cases += [(limits.max_side, beside, "InvalidImage.Resolution"), (beside, limits.max_side, "InvalidImage.Resolution")]
    if limits.aspect_ratio:
        low, high = limits.aspect_ratio
        cases += [(200, int(200 / low), ""), (200, int(200 / low) + 1, "InvalidImage.Resolution")]
        cases += [(int(200 * high), 200, ""), (int(200 * high) + 1, 200, "InvalidImage.Resolution")]
    assert {(width, height): code(server, action, f"size-{width}x{height}") for width, height, _ in cases} == {
        (width, height): expected for width, height, expected in cases
    }


def test_bytes(server: Any, action: Action) -> None:
    assert action.limits
    most = action.limits.max_bytes
    assert code(server, action, f"bytes-{most}") == ""
    assert code(server, action, f"bytes-{most + 1}") == "InvalidParameter.TooLarge"


def test_formats(server: Any, action: Action) -> None:
    limits = action.limits
    assert limits
    for form, modes in FORMATS.items():
        for mode in modes:
            taken = form in limits.formats
            if form == "PNG" and limits.png_depths:
                taken = PNG_BITS[mode] in limits.png_depths
            assert code(server, action, f"format-{form}-{mode}") == ("" if taken else "InvalidImage.Content"), (form, mode)
