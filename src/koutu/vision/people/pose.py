"""People by their pose: MediaPipe's BlazePose (Bazarevsky et al. 2020) finds hips and extent, then points and a silhouette."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from koutu.models import run
from koutu.vision.parsing.window import Window

Floats = NDArray[np.float32]

_DETECTOR_SIZE = 224
_LANDMARK_SIZE = 256
_GRIDS = ((28, 2), (14, 2), (7, 6))  # cells on a side and anchors per cell
_ENLARGED = 1.25  # the network was trained on windows this much larger than the person
_MOST_PEOPLE = 8


@dataclass(frozen=True, slots=True)
class Pose:
    """One person.

    Attributes:
        window: where the person is.
        silhouette: float32 (256, 256), 0..1, on the window.
        points: float32 (33, 2), in photo pixels, in MediaPipe's order (0 nose, 11 and 12 shoulders, 23 and 24 hips, 27 and 28
            ankles).
    """

    window: Window
    silhouette: Floats
    points: Floats


def find_poses(image: NDArray[np.uint8], threshold: float = 0.5) -> list[Pose]:
    """Find the people of a photo, uint8 RGB (H, W, 3), that show most of the body, best first.

    Args:
        image: the photo.
        threshold: least score of a person, 0..1.
    """
    poses: list[Pose] = []
    for window in _windows(image, threshold):
        view = window.look(image, _LANDMARK_SIZE).transpose(0, 2, 3, 1)
        answer = run("pose_landmark", {"input_1": np.ascontiguousarray(view)})
        if float(answer["Identity_1"].reshape(-1)[0]) < threshold:
            continue
        silhouette = 1 / (1 + np.exp(-np.clip(answer["Identity_2"][0, :, :, 0], -30, 30)))
        inside = answer["Identity"].reshape(39, 5)[:33, :2]
        matrix = np.vstack([window.matrix(_LANDMARK_SIZE), (0, 0, 1)])
        points = (np.linalg.inv(matrix) @ np.column_stack([inside, np.ones(33)]).T).T[:, :2]
        poses.append(Pose(window, silhouette.astype(np.float32), points.astype(np.float32)))
    return poses


def _windows(image: NDArray[np.uint8], threshold: float) -> list[Window]:
    height, width = image.shape[:2]
    side = max(height, width)
    view = Window(width / 2, height / 2, float(side)).look(image, _DETECTOR_SIZE).transpose(0, 2, 3, 1)
    answer = run("pose_detection", {"input_1": np.ascontiguousarray(view * 2 - 1)})
    scores = 1 / (1 + np.exp(-np.clip(answer["Identity_1"].reshape(-1), -80, 80)))
    values = answer["Identity"].reshape(-1, 6, 2)
    anchors = _anchors()
    scale = side / _DETECTOR_SIZE
    offset = np.array((width / 2 - side / 2, height / 2 - side / 2))
    found: list[Window] = []
    for index in np.argsort(-scores):
        if scores[index] < threshold or len(found) == _MOST_PEOPLE:
            break
        # Of the four points the first is between the hips, the second on the circle around the whole body.
        (x, y), (rim_x, rim_y) = (values[index, 2:4] + anchors[index] * _DETECTOR_SIZE) * scale + offset
        radius = math.hypot(rim_x - x, rim_y - y)
        if radius < 8 or any(math.hypot(x - other.x, y - other.y) < 0.2 * other.side for other in found):
            continue
        turn = math.degrees(math.atan2(rim_x - x, y - rim_y))
        found.append(Window(float(x), float(y), 2 * _ENLARGED * radius, turn))
    return found


def _anchors() -> NDArray[np.float64]:
    """Centres of the detector's anchors, (2254, 2) in 0..1."""
    centres = []
    for cells, count in _GRIDS:
        middle = (np.arange(cells) + 0.5) / cells
        grid = np.stack(np.meshgrid(middle, middle), axis=-1).reshape(-1, 2)
        centres.append(np.repeat(grid, count, axis=0))
    return np.concatenate(centres)
