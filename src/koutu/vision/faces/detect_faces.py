"""Face detection with MediaPipe's full-range BlazeFace (Bazarevsky et al. 2019): the whole photo first, then tiles of it."""

from dataclasses import replace

import cv2
import numpy as np
from numpy.typing import NDArray

from koutu.models import run
from koutu.vision.faces.face import Face

_SIZE = 192  # the network's input side
_GRID = 48  # its anchors: one per cell of a 48 x 48 grid
_OVERLAP = 0.25


def detect_faces(image: NDArray[np.uint8], threshold: float = 0.6, tile_threshold: float | None = 0.8) -> list[Face]:
    """Find the faces of a photo, largest first.

    Args:
        image: uint8 RGB (H, W, 3).
        threshold: least score of a face in the whole photo.
        tile_threshold: least score of a face that only shows in a tile; tiles see smaller faces, and more false ones;
            None = do not look at tiles.
    """
    height, width = image.shape[:2]
    found = [face for face in _detect_in(image, 0, 0) if face.score >= threshold]
    if not found:
        # A face that fills the frame shows once the photo is seen from farther away.
        found = [face for face in _detect_in(image, 0, 0, zoom=0.5) if face.score >= threshold]
    for left, top, side in _tiles(width, height) if tile_threshold is not None else ():
        crop = image[top : top + side, left : left + side]
        for face in _detect_in(crop, left, top):
            inner = _inside(face, left, top, min(side, width - left), min(side, height - top), width, height)
            if tile_threshold is not None and face.score >= tile_threshold and inner:
                found.append(replace(face, tiled=True))
    kept: list[Face] = []
    for face in sorted(found, key=lambda face: -face.score):
        same = next((index for index, other in enumerate(kept) if _overlap(face, other) >= 0.3), None)
        if same is None:
            kept.append(face)
        elif not face.tiled:
            kept[same] = replace(kept[same], tiled=False)
    return sorted(kept, key=lambda face: -face.size)


def _detect_in(crop: NDArray[np.uint8], left: int, top: int, zoom: float = 1.0) -> list[Face]:
    height, width = crop.shape[:2]
    scale = zoom * _SIZE / max(height, width)
    resized = cv2.resize(crop, (max(1, round(width * scale)), max(1, round(height * scale))), interpolation=cv2.INTER_AREA)
    canvas = np.zeros((_SIZE, _SIZE, 3), np.float32)
    margin_x, margin_y = (_SIZE - resized.shape[1]) // 2, (_SIZE - resized.shape[0]) // 2
    canvas[margin_y : margin_y + resized.shape[0], margin_x : margin_x + resized.shape[1]] = resized
    outputs = run("face_full_range", {"input_1": (canvas / 127.5 - 1.0)[None]})
    scores = 1 / (1 + np.exp(-np.clip(outputs["Identity_1"].reshape(-1), -80, 80)))
    # Centre, size and six points per anchor, in pixels of the network's input and against the anchor.
    boxes = outputs["Identity"].reshape(-1, 16)
    faces = []
    for index in np.flatnonzero(scores > 0.3):
        anchor = ((index % _GRID) + 0.5) / _GRID * _SIZE, ((index // _GRID) + 0.5) / _GRID * _SIZE
        values = boxes[index].reshape(8, 2).copy()
        values[0] += anchor
        values[2:] += anchor
        values[[0, *range(2, 8)]] -= (margin_x, margin_y)
        values /= scale
        (x, y), (box_width, box_height) = values[0] - values[1] / 2, values[1]
        points = tuple((float(px) + left, float(py) + top) for px, py in values[2:])
        face = Face(float(x) + left, float(y) + top, float(box_width), float(box_height), float(scores[index]), points)
        if box_width > 2 and box_height > 2:
            faces.append(face)
    return faces


def _tiles(width: int, height: int) -> list[tuple[int, int, int]]:
    """Square tiles half as large as the longer side, overlapping: left, top, side."""
    side = max(width, height) // 2
    if side < _SIZE // 2:
        return []
    step = int(side * (1 - _OVERLAP))

    def starts(length: int) -> list[int]:
        last = max(0, length - side)
        count = -(-last // step)
        return [round(last * index / count) for index in range(count)] + [last] if count else [0]

    return [(left, top, side) for top in starts(height) for left in starts(width)]


def _inside(face: Face, left: int, top: int, width: int, height: int, full_width: int, full_height: int) -> bool:
    """Whether a tile shows the whole face: one cut by the tile's edge is better seen by its neighbour."""
    margin = 0.05 * face.size
    return (
        (left == 0 or face.x > left + margin)
        and (top == 0 or face.y > top + margin)
        and (left + width >= full_width or face.x + face.width < left + width - margin)
        and (top + height >= full_height or face.y + face.height < top + height - margin)
    )


def _overlap(one: Face, other: Face) -> float:
    """Intersection over the smaller box."""
    across = min(one.x + one.width, other.x + other.width) - max(one.x, other.x)
    down = min(one.y + one.height, other.y + other.height) - max(one.y, other.y)
    if across <= 0 or down <= 0:
        return 0.0
    return across * down / min(one.width * one.height, other.width * other.height)
