"""PNG files written in stripes: filtered and deflated side by side in threads, never with the whole picture in memory.

The format is the PNG specification, third edition (W3C); each stripe is one or more IDAT chunks of a single zlib stream whose
parts end in a full flush, so that they can be made independently.
"""

import io
import os
import struct
import zlib
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor

import numpy as np
from isal import isal_zlib
from numpy.typing import NDArray

Rows = Callable[[int, int], NDArray[np.uint8]]

_COLOUR_TYPE = {1: 0, 3: 2, 4: 6}
_PALETTE_TYPE = 3
_STRIPE_BYTES = 4 << 20  # raw; where stripes are small, threads wait for each other more than they work
_SMALLEST_BYTES = 1 << 20  # rather than no work for some threads
_SUB, _UP = 1, 2
_ADLER_MODULUS = 65521
_LEVEL = 2  # of ISA-L; see benchmarks/png.py


def encode_png(rows: Rows, width: int, height: int, channels: int, palette: NDArray[np.uint8] | None = None) -> bytes:
    """Encode an 8-bit picture as PNG.

    Args:
        rows: called with (top, bottom) from several threads; gives uint8 (bottom - top, width, channels), or
            (bottom - top, width) for one channel.
        width: in pixels.
        height: in pixels.
        channels: 1 (grey, or class ids with a palette), 3 (RGB) or 4 (RGBA).
        palette: uint8 (n, 3) RGB colours of an indexed picture.

    Returns:
        The file's bytes.
    """
    colour_type = _PALETTE_TYPE if palette is not None else _COLOUR_TYPE[channels]
    # BytesIO hands its buffer over without a copy, so the file is in memory once.
    file = io.BytesIO()
    file.write(b"\x89PNG\r\n\x1a\n")
    _write_chunk(file, b"IHDR", struct.pack(">IIBBBBB", width, height, 8, colour_type, 0, 0, 0))
    if palette is not None:
        _write_chunk(file, b"PLTE", palette.tobytes())
    step = _rows_of_a_stripe(width * channels, height)
    stripes = [(top, min(top + step, height)) for top in range(0, height, step)]

    def work(stripe: tuple[int, int]) -> tuple[bytes, int, int]:
        return _deflate_stripe(rows, stripe, width, channels, last=stripe[1] == height)

    adler = 1
    body = b"\x78\x01"
    for deflated, stripe_adler, length in _in_order(work, stripes):
        _write_chunk(file, b"IDAT", body + deflated)
        adler = _combine_adler(adler, stripe_adler, length)
        body = b""
    _write_chunk(file, b"IDAT", struct.pack(">I", adler))
    _write_chunk(file, b"IEND", b"")
    return file.getvalue()


def _rows_of_a_stripe(row_bytes: int, height: int) -> int:
    """Rows of a stripe, such that all are about as high."""
    size = row_bytes * height
    stripes = max(-(-size // _STRIPE_BYTES), min(2 * (os.cpu_count() or 1), size // _SMALLEST_BYTES), 1)
    return -(-height // stripes)


def _in_order(
    work: Callable[[tuple[int, int]], tuple[bytes, int, int]], stripes: list[tuple[int, int]]
) -> Iterator[tuple[bytes, int, int]]:
    threads = min(os.cpu_count() or 1, len(stripes))
    if threads == 1:
        yield from map(work, stripes)
        return
    with ThreadPoolExecutor(threads) as pool:
        waiting: deque[Future[tuple[bytes, int, int]]] = deque()
        for stripe in stripes:
            waiting.append(pool.submit(work, stripe))
            if len(waiting) > 2 * threads:  # bounds the raw stripes that are alive at once
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def _deflate_stripe(rows: Rows, stripe: tuple[int, int], width: int, channels: int, last: bool) -> tuple[bytes, int, int]:
    top, bottom = stripe
    raw = np.ascontiguousarray(rows(top, bottom)).reshape(bottom - top, width * channels)
    lines = np.empty((bottom - top, 1 + width * channels), np.uint8)
    # The stripe's first row is filtered by Sub, since the row above belongs to another thread; Up packs best at its cost.
    lines[0, 0], lines[1:, 0] = _SUB, _UP
    lines[0, 1 : 1 + channels] = raw[0, :channels]
    np.subtract(raw[0, channels:], raw[0, :-channels], out=lines[0, 1 + channels :])
    np.subtract(raw[1:], raw[:-1], out=lines[1:, 1:])
    deflater = isal_zlib.compressobj(_LEVEL, isal_zlib.DEFLATED, -15)
    deflated = deflater.compress(lines) + deflater.flush(zlib.Z_FINISH if last else zlib.Z_FULL_FLUSH)
    return deflated, isal_zlib.adler32(lines), lines.nbytes


def _combine_adler(first: int, second: int, second_length: int) -> int:
    """The Adler-32 of two byte strings in a row, from that of each (as zlib's adler32_combine does)."""
    low = ((first & 0xFFFF) + (second & 0xFFFF) - 1) % _ADLER_MODULUS
    high = ((first >> 16) + (second >> 16) + second_length * ((first & 0xFFFF) - 1)) % _ADLER_MODULUS
    return high << 16 | low


def _write_chunk(file: io.BytesIO, kind: bytes, body: bytes) -> None:
    file.write(struct.pack(">I", len(body)) + kind)
    file.write(body)
    file.write(struct.pack(">I", isal_zlib.crc32(body, isal_zlib.crc32(kind))))
