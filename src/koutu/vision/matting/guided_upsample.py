"""Fast guided upsampling: He and Sun, "Fast Guided Filter" (2015, arXiv:1505.00996), with a colour guide."""

import cv2
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

_BAND_ROWS = 512


def guided_upsample(
    alpha: Floats, image: NDArray[np.uint8], *, radius: int = 1, epsilon: float = 1e-5, margin: float = 0.02
) -> NDArray[np.uint8]:
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
        margin: alpha below it counts as 0, above 1 - margin as 1.

    Returns:
        uint8 (H, W). Memory beyond it is bounded by the small size and a band of rows.
    """
    small_height, small_width = alpha.shape
    height, width = image.shape[:2]
    levels: Floats = np.clip((alpha - margin) / (1 - 2 * margin), 0, 1)
    if height * width <= small_height * small_width:
        resized: NDArray[np.uint8] = np.rint(cv2.resize(levels, (width, height), interpolation=cv2.INTER_AREA) * 255).astype(
            np.uint8
        )
        return resized
    guide = cv2.resize(image, (small_width, small_height), interpolation=cv2.INTER_AREA) * np.float32(1 / 255)
    slope, offset = _fit(guide, levels, radius, epsilon)
    kernel = np.ones((2 * radius + 1, 2 * radius + 1), np.uint8)
    mixed = ((cv2.dilate(levels, kernel) > 0) & (cv2.erode(levels, kernel) < 1)).astype(np.uint8)
    out = np.empty((height, width), np.uint8)
    for top in range(0, height, _BAND_ROWS):
        bottom = min(top + _BAND_ROWS, height)
        maps = _band_maps(top, bottom, (width, height), (small_width, small_height))
        plain = _remap(levels, maps)
        band = np.rint(plain * 255).astype(np.uint8)
        soft = _remap(mixed, maps, cv2.INTER_NEAREST) > 0
        if soft.any():
            colours = image[top:bottom] * np.float32(1 / 255)
            fitted = (_remap(slope, maps) * colours).sum(axis=2) + _remap(offset, maps)
            band[soft] = np.rint(np.clip(fitted[soft], 0, 1) * 255).astype(np.uint8)
        out[top:bottom] = band
    return out


def _fit(guide: Floats, alpha: Floats, radius: int, epsilon: float) -> tuple[Floats, Floats]:
    """Slope (h, w, 3) and offset (h, w) of alpha over colour in each window, averaged over the windows of a pixel."""
    size = (2 * radius + 1, 2 * radius + 1)

    def mean(array: Floats) -> Floats:
        blurred: Floats = cv2.blur(array, size)
        return blurred

    mean_guide, mean_alpha = mean(guide), mean(alpha)
    covariance = mean(guide * alpha[..., None]) - mean_guide * mean_alpha[..., None]
    pairs = ((0, 0), (0, 1), (0, 2), (1, 1), (1, 2), (2, 2))
    rr, rg, rb, gg, gb, bb = (
        mean(guide[..., i] * guide[..., j]) - mean_guide[..., i] * mean_guide[..., j] + (epsilon if i == j else 0)
        for i, j in pairs
    )
    # The inverse of the symmetric 3x3 matrix by its cofactors.
    c_rr, c_rg, c_rb = gg * bb - gb * gb, gb * rb - rg * bb, rg * gb - gg * rb
    c_gg, c_gb, c_bb = rr * bb - rb * rb, rb * rg - rr * gb, rr * gg - rg * rg
    determinant = rr * c_rr + rg * c_rg + rb * c_rb
    r, g, b = covariance[..., 0], covariance[..., 1], covariance[..., 2]
    slope = np.stack(
        [
            (c_rr * r + c_rg * g + c_rb * b) / determinant,
            (c_rg * r + c_gg * g + c_gb * b) / determinant,
            (c_rb * r + c_gb * g + c_bb * b) / determinant,
        ],
        axis=2,
    ).astype(np.float32)
    offset = mean_alpha - (slope * mean_guide).sum(axis=2)
    return mean(slope), mean(offset)


def _band_maps(top: int, bottom: int, size: tuple[int, int], small: tuple[int, int]) -> tuple[Floats, Floats]:
    x = (np.arange(size[0], dtype=np.float32) + 0.5) * (small[0] / size[0]) - 0.5
    y = (np.arange(top, bottom, dtype=np.float32) + 0.5) * (small[1] / size[1]) - 0.5
    map_x, map_y = np.meshgrid(x.astype(np.float32), y.astype(np.float32))
    return map_x, map_y


def _remap(array: NDArray[np.generic], maps: tuple[Floats, Floats], interpolation: int = cv2.INTER_LINEAR) -> Floats:
    sampled: Floats = cv2.remap(array, maps[0], maps[1], interpolation, borderMode=cv2.BORDER_REPLICATE)
    return sampled
