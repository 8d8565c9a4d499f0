"""A face that was found in a photo."""

import math
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Face:
    """One detected face, in pixels of the photo.

    Attributes:
        x, y, width, height: its box, from the brow to the chin.
        score: 0..1.
        points: (x, y) of the subject's right eye, left eye, nose tip, mouth centre, right ear and left ear, also hidden ones.
        tiled: whether it showed in a tile of the photo alone, where the detector also takes hands for faces.
    """

    x: float
    y: float
    width: float
    height: float
    score: float
    points: tuple[tuple[float, float], ...]
    tiled: bool = False

    @property
    def centre(self) -> tuple[float, float]:
        """The middle of the box."""
        return self.x + self.width / 2, self.y + self.height / 2

    @property
    def size(self) -> float:
        """The side of a square as large as the box, in pixels."""
        return math.sqrt(self.width * self.height)

    @property
    def roll(self) -> float:
        """The turn in the image plane in degrees, 0 upright, positive clockwise."""
        (right_x, right_y), (left_x, left_y) = self.points[0], self.points[1]
        return math.degrees(math.atan2(left_y - right_y, left_x - right_x))

    @property
    def yaw(self) -> float:
        """How far the nose tip lies off the middle of the eyes, in eye distances: about 0 frontal, over .5 a profile."""
        (right_x, right_y), (left_x, left_y), (nose_x, nose_y) = self.points[:3]
        across, down = left_x - right_x, left_y - right_y
        length = math.hypot(across, down)
        if length < 1e-6:
            return math.inf
        offset = (nose_x - (left_x + right_x) / 2) * across + (nose_y - (left_y + right_y) / 2) * down
        return offset / length**2
