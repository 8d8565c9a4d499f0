"""Fast guided upsampling: He and Sun, "Fast Guided Filter" (2015, arXiv:1505.00996), with a colour guide."""

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import product

import cv2
import numpy as np
from numpy.typing import NDArray

from koutu.images.buffers import empty
from koutu.images.sample_grid import sample_grid
from koutu.images.shrink import shrink

Bytes = NDArray[np.uint8]
Floats = NDArray[np.float32]

_TILE = 256
_BLOCK = 192  # full-size pixels that are worked on at once, in the processor's cache
_SUM = np.ones((1, 4), np.float32)


def guided_upsample(alpha: Floats, image: Bytes, *, radius: int = 1, epsilon: float = 1e-5) -> Bytes:
    """Enlarge an alpha so that its edges follow those of the full-size picture.

    In each window of the small picture alpha is fitted as a linear function of colour; the functions are enlarged and applied
    to the full-size colours. Where the small alpha is plainly 0 or 1 in the whole neighbourhood it stays so.
    Alpha is only resized for a picture that is no larger than it. Small windows measured best: enlarging by 2, 4 and 8, the
    error on true alphas is .74, .56 and .46 of linear enlargement's with radius 1, and .99, .73 and .64 of it with radius 2.

    Args:
        alpha: float32 (h, w), 0..1.
        image: uint8 RGB (H, W, 3); any size, the picture that alpha belongs to.
        radius: of the windows, in pixels of the small alpha.
        epsilon: how far colours must differ to count as an edge (variance of 0..1 colours).

    Returns:
        uint8 (H, W). Memory beyond it is bounded by the small size. Only tiles with edges are worked on, in threads.
    """
    small_height, small_width = alpha.shape
    height, width = image.shape[:2]
    if height * width <= small_height * small_width:
        shrunk: Bytes = np.rint(cv2.resize(alpha, (width, height), interpolation=cv2.INTER_AREA) * 255).astype(np.uint8)
        return shrunk
    guide = shrink(image, small_width, small_height)
    kernel = np.ones((2 * radius + 1, 2 * radius + 1), np.uint8)
    mixed = ((cv2.dilate(alpha, kernel) > 0) & (cv2.erode(alpha, kernel) < 1)).astype(np.uint8)
    eight_bit = np.rint(alpha * 255).astype(np.uint8)
    out = empty(height, width)
    cv2.resize(eight_bit, (width, height), dst=out, interpolation=cv2.INTER_LINEAR)

    def work(tile: tuple[int, int, int, int]) -> None:
        _enlarge_tile(tile, alpha, guide, mixed, image, out, radius, epsilon)

    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        list(pool.map(work, _tiles(mixed)))
    return out


def _tiles(mixed: Bytes) -> Iterator[tuple[int, int, int, int]]:
    """Tiles (left, top, right, bottom) of the small picture that hold edges."""
    height, width = mixed.shape
    for top in range(0, height, _TILE):
        for left in range(0, width, _TILE):
            bottom, right = min(top + _TILE, height), min(left + _TILE, width)
            # A full-size pixel takes its functions from up to one small pixel beyond the tile.
            if mixed[max(top - 1, 0) : bottom + 1, max(left - 1, 0) : right + 1].any():
                yield left, top, right, bottom


def _enlarge_tile(
    tile: tuple[int, int, int, int],
    alpha: Floats,
    guide: Bytes,
    mixed: Bytes,
    image: Bytes,
    out: Bytes,
    radius: int,
    epsilon: float,
) -> None:
    """Fit one small tile with its surroundings and write the full-size pixels that lie over it."""
    left, top, right, bottom = tile
    small_height, small_width = alpha.shape
    height, width = out.shape
    margin = 2 * radius + 1
    x0, y0 = max(left - margin, 0), max(top - margin, 0)
    around = np.s_[y0 : min(bottom + margin, small_height), x0 : min(right + margin, small_width)]
    fit = _fit(guide[around], alpha[around], mixed[around], radius, epsilon)
    full_left, full_right = (-(-edge * width // small_width) for edge in (left, right))
    full_top, full_bottom = (-(-edge * height // small_height) for edge in (top, bottom))
    for top_row, left_column in product(range(full_top, full_bottom, _BLOCK), range(full_left, full_right, _BLOCK)):
        block = np.s_[top_row : min(top_row + _BLOCK, full_bottom), left_column : min(left_column + _BLOCK, full_right)]
        soft = _enlarged_mask(mixed, block, (height, width))
        if cv2.countNonZero(soft):
            step = small_width / width, small_height / height
            start = (left_column + 0.5) * step[0] - 0.5 - x0, (top_row + 0.5) * step[1] - 0.5 - y0
            functions = sample_grid(fit, start, step, soft.shape)
            cv2.copyTo(_apply(functions, image[block]), soft, out[block])


def _enlarged_mask(mixed: Bytes, block: tuple[slice, slice], size: tuple[int, int]) -> Bytes:
    """The mask at the full-size pixels of a block, each from its nearest small pixel; an empty one of any shape."""
    rows, columns = (
        np.clip(((np.arange(part.start, part.stop) + 0.5) * (small / full)).astype(np.intp), 0, small - 1)
        for part, small, full in zip(block, mixed.shape, size, strict=True)
    )
    near = mixed[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    if not near.any():
        return near
    enlarged: Bytes = near.take(rows - rows[0], axis=0).take(columns - columns[0], axis=1)
    return enlarged


def _fit(guide: Bytes, alpha: Floats, mixed: Bytes, radius: int, epsilon: float) -> Floats:
    """Alpha as a function of colour near mixed pixels: float32 (h, w, 4), slopes over R, G, B (0..255), a 255th of the offset.

    Each is the mean over the windows that hold the pixel; where no mixed pixel is near, they mean nothing.
    """
    size = (2 * radius + 1, 2 * radius + 1)
    needed = np.flatnonzero(cv2.dilate(mixed, np.ones((2 * radius + 3, 2 * radius + 3), np.uint8)))

    def mean(array: Floats) -> Floats:
        near: Floats = cv2.blur(array, size).ravel()[needed]
        return near

    planes = [cv2.extractChannel(guide, channel) * np.float32(1 / 255) for channel in range(3)]
    means = [mean(plane) for plane in planes]
    mean_alpha = mean(alpha)
    r, g, b = (mean(plane * alpha) - own * mean_alpha for plane, own in zip(planes, means, strict=True))
    pairs = ((0, 0), (0, 1), (0, 2), (1, 1), (1, 2), (2, 2))
    rr, rg, rb, gg, gb, bb = (
        mean(planes[i] * planes[j]) - means[i] * means[j] + np.float32(epsilon if i == j else 0) for i, j in pairs
    )
    # The inverse of the symmetric 3x3 matrix by its cofactors.
    c_rr, c_rg, c_rb = gg * bb - gb * gb, gb * rb - rg * bb, rg * gb - gg * rb
    c_gg, c_gb, c_bb = rr * bb - rb * rb, rb * rg - rr * gb, rr * gg - rg * rg
    scale = 1 / (rr * c_rr + rg * c_rg + rb * c_rb)
    slopes = [
        (c_rr * r + c_rg * g + c_rb * b) * scale,
        (c_rg * r + c_gg * g + c_gb * b) * scale,
        (c_rb * r + c_gb * g + c_bb * b) * scale,
    ]
    offset = mean_alpha - sum((slope * own for slope, own in zip(slopes[1:], means[1:], strict=True)), slopes[0] * means[0])
    fit = np.zeros((alpha.size, 4), np.float32)
    for channel, values in enumerate((*slopes, offset)):
        fit[needed, channel] = values
    averaged: Floats = cv2.blur(fit.reshape(*alpha.shape, 4), size)
    return averaged


def _apply(functions: Floats, colours: Bytes) -> Bytes:
    """The functions, float32 (h, w, 4), applied to colours, uint8 (h, w, 3)."""
    opaque = cv2.cvtColor(colours, cv2.COLOR_RGB2RGBA)  # the 255 of its fourth channel stands for the offset's factor
    terms = cv2.multiply(functions, opaque.astype(np.float32))
    alpha = cv2.transform(terms, _SUM)
    fitted: Bytes = cv2.add(alpha, 0.0, dtype=cv2.CV_8U)  # rounds, and cuts to 0..255
    return fitted
