"""What the SSD detector sees in a photo: boxes, COCO categories, scores."""

import cv2
import numpy as np
from numpy.typing import NDArray

from koutu.images.shrink import shrink
from koutu.models import run

Floats = NDArray[np.float32]

SIDE = 300
_SAME = 0.6  # overlap at which the lower of two boxes of one category is dropped, as the graph's own last stage has it


def ssd_boxes(image: NDArray[np.uint8], least: float) -> tuple[Floats, Floats, Floats]:
    """Ask the detector for one look at a photo.

    The graph's own suppression walks through every category of every anchor and costs more than the network; here only what
    reaches ``least`` is compared.

    Args:
        image: uint8 RGB (H, W, 3).
        least: score below which a box is dropped.

    Returns:
        float32 boxes (N, 4), the surest first: top, left, bottom, right as shares of the photo, 0..1; COCO's categories (N,),
        1..90; float32 scores (N,), 0..1.

    Raises:
        ModelFault: the model is not installed.
    """
    square = shrink(image, SIDE, SIDE)
    out = run("ssd", {"image_tensor:0": square[None].astype(np.float32)})
    boxes, every = out["Postprocessor/Reshape_2:0"].reshape(-1, 4), out["Postprocessor/convert_scores:0"][0]
    anchors, categories = np.nonzero(every[:, 1:] >= least)
    categories += 1  # the first column is the background
    boxes, scores = boxes[anchors], every[anchors, categories]
    if not len(scores):
        return boxes, categories.astype(np.float32), scores
    corners = np.column_stack([boxes[:, :2], boxes[:, 2:] - boxes[:, :2]]).astype(np.float64)
    kept = np.asarray(cv2.dnn.NMSBoxesBatched(corners, scores, categories.astype(np.int32), 0.0, _SAME), np.intp)  # type: ignore[arg-type]
    return np.clip(boxes[kept], 0, 1), categories[kept].astype(np.float32), scores[kept]
