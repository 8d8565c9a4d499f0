"""Counting the scans of JPEG files."""

import io

import pytest
from PIL import Image

from koutu.errors import ImageContent
from koutu.images.decode import decode
from koutu.images.scans import count_scans


def jpeg(**options: object) -> bytes:
    out = io.BytesIO()
    Image.linear_gradient("L").convert("RGB").save(out, "JPEG", **options)
    return out.getvalue()


def test_baseline_has_one_scan_and_progressive_has_ten() -> None:
    assert count_scans(jpeg(), 100) == 1
    assert count_scans(jpeg(progressive=True), 100) == 10


def test_markers_inside_segments_and_behind_the_end_do_not_count() -> None:
    assert count_scans(jpeg(comment=b"\xff\xda" * 50) + b"\xff\xda\0\2" * 50, 100) == 1


def test_counting_stops() -> None:
    data = jpeg(progressive=True)
    assert count_scans(data, 3) == 4


def test_too_many_scans_are_refused() -> None:
    data = jpeg(progressive=True)
    last = data.rfind(b"\xff\xda")
    with pytest.raises(ImageContent, match="100 scans"):
        decode(data[:last] + data[last:-2] * 95 + b"\xff\xd9")
