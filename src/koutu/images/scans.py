"""How often a JPEG file goes over its pixels."""

import re

# Within coded pixels 0xFF is followed by 0x00 or by a restart marker (0xD0 to 0xD7). Decoders stop at the others left out here.
_MARKER = re.compile(rb"\xff([\xc0-\xcf\xd9-\xfe])", re.DOTALL)
_END_OF_IMAGE, _START_OF_SCAN = b"\xd9", b"\xda"


def count_scans(data: bytes, most: int) -> int:
    """The scans of a JPEG file up to its end-of-image marker; counting stops at one more than `most`.

    Every scan of a progressive file costs a pass over the whole picture and needs but a few bytes, so a small file could keep
    a decoder busy for minutes.
    """
    position, scans = 2, 0
    while scans <= most and (marker := _MARKER.search(data, position)) and marker[1] != _END_OF_IMAGE:
        scans += marker[1] == _START_OF_SCAN
        position = marker.end() + int.from_bytes(data[marker.end() : marker.end() + 2], "big")
    return scans
