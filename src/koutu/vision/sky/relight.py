"""The land's light made to fit another sky."""

import cv2
import numpy as np
from numpy.typing import NDArray

Bytes = NDArray[np.uint8]
Floats = NDArray[np.float32]

_GAMMA = 2.2
_BRIGHTNESS = 0.55  # how far the land follows the sky's change of brightness: most of its light, not all, comes from there
_TINT = 0.45
_DARKEST, _BRIGHTEST = 0.22, 1.35
_STRONGEST_TINT = 1.45
_SAMPLES = 256
_LUMINANCE = np.array([0.2126, 0.7152, 0.0722], np.float32)


def land_gain(image: Bytes, alpha: Bytes, sky: Bytes) -> Floats:
    """How the land's linear light changes when the sky does.

    Args:
        image: uint8 RGB (H, W, 3), the photo as it was.
        alpha: uint8 (H, W) of its sky.
        sky: uint8 RGB (H, W, 3), the new sky on the same canvas.

    Returns:
        float32 (3,): factors for red, green and blue; 1 = unchanged.
    """
    before, after = _mean_light(image, alpha), _mean_light(sky, alpha)
    brightness = float(after.mean() / before.mean())
    tint = (after / after.mean()) / (before / before.mean())
    tint = np.clip(tint, 1 / _STRONGEST_TINT, _STRONGEST_TINT) ** _TINT
    tint /= tint @ _LUMINANCE
    gain: Floats = (np.clip(brightness**_BRIGHTNESS, _DARKEST, _BRIGHTEST) * tint).astype(np.float32)
    return gain


def relight(land: Bytes, gain: Floats) -> Bytes:
    """Multiply linear light: uint8 RGB (H, W, 3) by float32 (3,); highlights are rolled off, not cut."""
    levels = (np.arange(256, dtype=np.float32) / 255) ** _GAMMA
    table = np.empty((1, 256, 3), np.uint8)
    for channel in range(3):
        light = levels * gain[channel]
        if gain[channel] > 1:  # so that white stays white: the gain fades out towards it
            light = levels * (gain[channel] * (1 - levels) + levels)
        table[0, :, channel] = np.rint(np.clip(light, 0, 1) ** (1 / _GAMMA) * 255)
    lit: Bytes = cv2.LUT(land, table)
    return lit


def _mean_light(picture: Bytes, alpha: Bytes) -> Floats:
    size = (_SAMPLES, _SAMPLES)
    weight = cv2.resize(alpha, size, interpolation=cv2.INTER_AREA).astype(np.float32)[..., None] + np.float32(1e-3)
    light = (cv2.resize(picture, size, interpolation=cv2.INTER_AREA) / np.float32(255)) ** _GAMMA
    mean: Floats = ((light * weight).sum(axis=(0, 1)) / weight.sum() + 0.004).astype(np.float32)
    return mean
