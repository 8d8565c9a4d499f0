"""Fast guided upsampling: He and Sun, "Fast Guided Filter" (2015, arXiv:1505.00996), with a colour guide."""

import cv2
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

_TILE = 512


def guided_upsample(alpha: Floats, image: NDArray[np.uint8], *, radius: int = 1, epsilon: float = 1e-5) -> NDArray[np.uint8]:
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
        uint8 (H, W). Memory beyond it is bounded by the small size.
    """
    small_height, small_width = alpha.shape
    height, width = image.shape[:2]
    if height * width <= small_height * small_width:
        resized: NDArray[np.uint8] = np.rint(cv2.resize(alpha, (width, height), interpolation=cv2.INTER_AREA) * 255).astype(
            np.uint8
        )
        return resized
    guide = cv2.resize(image, (small_width, small_height), interpolation=cv2.INTER_AREA) * np.float32(1 / 255)
    fit = _fit(guide, alpha, radius, epsilon)
    kernel = np.ones((2 * radius + 1, 2 * radius + 1), np.uint8)
    mixed = ((cv2.dilate(alpha, kernel) > 0) & (cv2.erode(alpha, kernel) < 1)).astype(np.uint8)
    eight_bit = np.rint(alpha * 255).astype(np.uint8)
    out: NDArray[np.uint8] = cv2.resize(eight_bit, (width, height), interpolation=cv2.INTER_LINEAR)
    for top in range(0, height, _TILE):
        for left in range(0, width, _TILE):
            tile = np.s_[top : min(top + _TILE, height), left : min(left + _TILE, width)]
            maps = _maps(left, top, out[tile].shape, small_width / width, small_height / height)
            soft = cv2.remap(mixed, *maps, cv2.INTER_NEAREST, borderMode=cv2.BORDER_REPLICATE) > 0
            if soft.any():
                fitted = _apply(fit, image[tile], maps)
                out[tile][soft] = fitted[soft]
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


def _maps(left: int, top: int, shape: tuple[int, ...], step_x: float, step_y: float) -> tuple[Floats, Floats]:
    """Where the pixels of a tile lie in the small picture."""
    x = (np.arange(left, left + shape[1]) + 0.5) * step_x - 0.5
    y = (np.arange(top, top + shape[0]) + 0.5) * step_y - 0.5
    map_x, map_y = np.meshgrid(x.astype(np.float32), y.astype(np.float32))
    return map_x, map_y


def _apply(fit: tuple[Floats, Floats], colours: NDArray[np.uint8], maps: tuple[Floats, Floats]) -> NDArray[np.uint8]:
    slope, offset = (cv2.remap(array, *maps, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE) for array in fit)
    alpha = np.einsum("yxc,yxc->yx", slope, colours, dtype=np.float32) + offset * 255
    fitted: NDArray[np.uint8] = np.rint(np.clip(alpha, 0, 255)).astype(np.uint8)
    return fitted
