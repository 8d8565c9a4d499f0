"""True foreground colours of soft edges, so that no halo of the old background is left.

A soft pixel shows I = alpha F + (1 - alpha) B. The method is the multi-level one of Germer, Uelwer, Conrad and Harmeling,
"Fast Multi-Level Foreground Estimation" (2020, arXiv:2006.14970): from one pixel upwards, each level starts with the colours of
the coarser one and smooths F and B along alpha's contours. Here only soft pixels and their neighbours are visited, as lists
small enough for the processor's cache, in red-black order with successive over-relaxation (Young 1954), which needs a
fraction of the sweeps.

Example:
    >>> import numpy as np
    >>> alpha = np.tile(np.linspace(0, 1, 64, dtype=np.float32), (64, 1))
    >>> image = alpha[..., None] * np.float32([1, 0, 0]) + (1 - alpha[..., None]) * np.float32([0, 0, 1])
    >>> foreground, background = estimate_foreground(image, alpha)
    >>> bool(abs(foreground[:, 32] - [1, 0, 0]).max() < 0.1)
    True
"""

import math
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Index = NDArray[np.intp]
Pixels = Floats | NDArray[np.uint8]

_REGULARISATION = 1e-5
_RELAXATION = 1.6
_SWEEPS = 3
_FIRST_STEP = 3  # of the pyramid: eight pixels along the long side
_SMALL_SIDE = 32
_SOLID = 0.9999  # a mean of solid pixels is not exactly 1
_SMALL_SWEEPS = 8
_SQUARE = np.ones((3, 3), np.uint8)
_CROSS = cv2.getStructuringElement(cv2.MORPH_CROSS, (3, 3))
_NEIGHBOURS = ((-1, 0), (1, 0), (0, -1), (0, 1))


def estimate_foreground(image: Floats, alpha: Floats, *, white: float = 1) -> tuple[Floats, Floats]:
    """Estimate foreground and background colours.

    Args:
        image: float32 (H, W, 3), 0..white.
        alpha: float32 (H, W), 0..1.
        white: the brightest level.

    Returns:
        Foreground and background, float32 (H, W, 3), 0..white. Where alpha is 1 the foreground is the image, and where it is 0
        the background is. Farther than two pixels from soft ones both are the image.
    """
    foreground, background = image.copy(), image.copy()
    places, colours = estimate_near_edges(image, alpha, white=white)
    foreground.reshape(-1, 3)[places] = colours[:3].T
    background.reshape(-1, 3)[places] = colours[3:].T
    return foreground, background


def estimate_near_edges(image: Pixels, alpha: Floats, *, white: float = 1) -> tuple[Index, Floats]:
    """Estimate foreground and background colours up to two pixels from soft ones, where alone they differ from the image.

    Args:
        image: float32, or uint8 if `white` is 255, (H, W, 3), 0..white.
        alpha: float32 (H, W), 0..1.
        white: the brightest level.

    Returns:
        Where the pixels lie in the flat picture, int (n,), and their colours, float32 (6, n), foreground before background.
    """
    level: _Level | None = None
    for level_image, level_alpha in _pyramid(image, alpha):
        coarser, level = level, _level(level_image, level_alpha)
        level.colours = _first_guess(level, image, alpha) if coarser is None else _enlarged(coarser, level)
        _keep_known(level)
        _relax(level, white)
    assert level is not None
    return level.places, level.colours


@dataclass(slots=True)
class _Level:
    """One level of the pyramid: its soft pixels, their neighbours and a ring of known ones around them, as lists.

    Attributes:
        image: float32 (h, w, 3); the last level's may be uint8.
        alpha: float32 (n,), of the listed pixels.
        pixels: float32 (3, n), their colours.
        places: int (n,), where they lie in the flat picture: first the black solved ones, then the red, then the ring.
        black, solved: how many are black, and how many are black or red.
        number: int (h * w,), a pixel's number in the list, -1 where it is not in it.
        colours: float32 (6, n), F and B.
    """

    image: Pixels
    alpha: Floats
    pixels: Floats
    places: Index
    black: int
    solved: int
    number: Index
    colours: Floats


def _pyramid(image: Pixels, alpha: Floats) -> list[tuple[Pixels, Floats]]:
    """The picture at doubling sizes, from one pixel to its own."""
    height, width = alpha.shape
    steps = max(1, math.ceil(math.log2(max(width, height))))
    levels = [(image, alpha)]
    for step in reversed(range(min(_FIRST_STEP, steps), steps)):
        size = round(width ** (step / steps)), round(height ** (step / steps))
        # Halving or less, bilinear samples serve as well as means, at an eighth of the time.
        smaller, smaller_alpha = (cv2.resize(finer, size, interpolation=cv2.INTER_LINEAR) for finer in levels[-1])
        smaller = smaller.reshape(size[1], size[0], 3).astype(np.float32, copy=False)
        smaller_alpha = smaller_alpha.reshape(size[1], size[0])
        smaller_alpha[smaller_alpha > _SOLID] = 1
        levels.append((smaller, smaller_alpha))
    return levels[::-1]


def _level(image: Pixels, alpha: Floats) -> _Level:
    soft = ((alpha > 0) & (alpha < 1)).view(np.uint8)
    solved = cv2.dilate(soft, _SQUARE)
    places = np.flatnonzero(cv2.dilate(solved, _CROSS).view(np.bool_))
    y, x = np.divmod(places, alpha.shape[1])
    group = np.where(solved.ravel()[places] > 0, (y + x) & 1, 2).astype(np.uint8)
    places = places[np.argsort(group, kind="stable")]
    black, red = int((group == 0).sum()), int((group == 1).sum())
    number = np.full(alpha.size, -1, np.intp)
    number[places] = np.arange(places.size)
    pixels = np.ascontiguousarray(image.reshape(-1, 3)[places].T, np.float32)
    colours = np.empty((6, places.size), np.float32)
    return _Level(image, alpha.ravel()[places], pixels, places, black, black + red, number, colours)


def _first_guess(level: _Level, image: Pixels, alpha: Floats) -> Floats:
    means = (_mean_colour(image, alpha > 0.9), _mean_colour(image, alpha < 0.1))
    guess: Floats = np.repeat(np.concatenate(means)[:, None], level.places.size, axis=1)
    return guess


def _mean_colour(image: Pixels, where: NDArray[np.bool_]) -> Floats:
    mask = where.astype(np.uint8) if where.any() else None
    return np.array(cv2.mean(image, mask)[:3], np.float32)


def _enlarged(coarser: _Level, finer: _Level) -> Floats:
    """The coarser level's colours at the finer one's pixels; the picture's own where it has none."""
    height, width = finer.image.shape[:2]
    coarse_height, coarse_width = coarser.image.shape[:2]
    y, x = np.divmod(finer.places, width)
    there = (y * coarse_height // height) * coarse_width + x * coarse_width // width
    numbers = coarser.number[there]
    unlisted = np.flatnonzero(numbers < 0)
    own = np.tile(coarser.image.reshape(-1, 3)[there[unlisted]].T, (2, 1))
    if unlisted.size == there.size:
        return own
    colours: Floats = np.take(coarser.colours, numbers, axis=1)
    colours[:, unlisted] = own
    return colours


def _keep_known(level: _Level) -> None:
    """Solid pixels show their foreground, empty ones their background."""
    for known, colours in ((level.alpha >= 1, level.colours[:3]), (level.alpha <= 0, level.colours[3:])):
        listed = np.flatnonzero(known)
        colours[:, listed] = level.pixels[:, listed]


def _relax(level: _Level, white: float) -> None:
    """Solve the 2x2 system of every soft pixel and its neighbours in turn, until the sweeps are done."""
    height, width = level.image.shape[:2]
    y, x = np.divmod(level.places[: level.solved], width)
    around = np.stack(
        [level.number[np.clip(y + dy, 0, height - 1) * width + np.clip(x + dx, 0, width - 1)] for dy, dx in _NEIGHBOURS]
    )
    share = level.alpha[: level.solved]
    weights = _REGULARISATION + np.abs(share - level.alpha[around])
    total = weights.sum(axis=0)
    ff, fb, bb = share * share + total, share * (1 - share), (1 - share) ** 2 + total
    scale = _RELAXATION / (ff * bb - fb * fb)
    ff, fb, bb = ff * scale, fb * scale, bb * scale
    pixels = level.pixels[:, : level.solved]
    own = np.concatenate([(bb * share - fb * (1 - share)) * pixels, (ff * (1 - share) - fb * share) * pixels])
    sweeps = _SMALL_SWEEPS if max(height, width) <= _SMALL_SIDE else _SWEEPS
    halves = [slice(0, level.black), slice(level.black, level.solved)]
    for half in halves * sweeps:
        drawn = np.einsum("ckn,kn->cn", np.take(level.colours, around[:, half], axis=1), weights[:, half])
        colours = level.colours[:, half]
        colours *= 1 - _RELAXATION
        colours += own[:, half]
        colours[:3] += bb[half] * drawn[:3] - fb[half] * drawn[3:]
        colours[3:] += ff[half] * drawn[3:] - fb[half] * drawn[:3]
        np.clip(colours, 0, white, out=colours)
