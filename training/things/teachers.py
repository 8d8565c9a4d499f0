"""What partial labels leave open, filled in by networks that were trained before (self-training, Xie et al. 2020)."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
import openvino as ov
from numpy.typing import NDArray

_SHORT = 320
_SURE = 0.6


class Teachers:
    """The mean answer of exported scene heads, each seeing a photo and its mirror image."""

    def __init__(self, files: Sequence[Path]) -> None:
        core = ov.Core()
        self._networks = [core.compile_model(file, "CPU") for file in files]

    def fill(self, image: NDArray[np.uint8], bits: NDArray[np.int32]) -> NDArray[np.int32]:
        """Replace sets of several classes by one class where the teachers are sure.

        Args:
            image: uint8 RGB (H, W, 3).
            bits: int32 (H, W), masks of allowed classes, 0 where nothing is known.

        Returns:
            int32 (H, W): as it was where one class or nothing is known, or where no allowed class is likely.
        """
        open_ = (bits & (bits - 1)) > 0
        if not open_.any():
            return bits
        height, width = bits.shape
        best, most = np.zeros(bits.shape, np.int32), np.full(bits.shape, _SURE, np.float32)
        for index, plane in enumerate(self._mean(image)):
            probable = cv2.resize(plane, (width, height))
            better = (probable > most) & (bits >> index & 1 > 0)
            best[better], most[better] = index, probable[better]
        sure = most > _SURE
        return np.where(open_ & sure, np.int32(1) << best, bits).astype(np.int32)

    def _mean(self, image: NDArray[np.uint8]) -> NDArray[np.float32]:
        height, width = image.shape[:2]
        scale = _SHORT / min(height, width)
        size = max(32, round(width * scale / 32) * 32), max(32, round(height * scale / 32) * 32)
        way = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
        x = cv2.resize(image, size, interpolation=way).transpose(2, 0, 1)[None].astype(np.float32) / 255
        mirrored = np.ascontiguousarray(x[..., ::-1])
        answers = []
        for network in self._networks:
            answers += [network({"image": x})["probabilities"][0], network({"image": mirrored})["probabilities"][0][..., ::-1]]
        return np.mean(answers, axis=0, dtype=np.float32)
