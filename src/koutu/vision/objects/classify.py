"""What a photo shows, by an ImageNet classifier (EfficientNet-lite3), for the groups that the actions ask for."""

import numpy as np
from numpy.typing import NDArray

from koutu.images.shrink import shrink
from koutu.models import run
from koutu.vision.objects.thing import Group

SIDE = 280

# ImageNet's kinds by group (indices of the usual list of 1000); food counts its plates and bowls as a sign of it
_KINDS: dict[Group, tuple[int, ...]] = {
    "animal": tuple(range(398)),
    "vehicle": (
        403, 404, 405, 407, 408, 436, 444, 450, 466, 468, 472, 484, 511, 547, 554, 555, 561, 565, 569, 573, 575, 576, 586, 603,
        609, 612, 625, 627, 628, 654, 656, 661, 665, 670, 671, 675, 690, 705, 717, 724, 734, 751, 757, 779, 780, 802, 803, 814,
        817, 820, 829, 833, 847, 864, 866, 867, 870, 871, 874, 880, 895, 914,
    ),
    "food": (415, 509, 659, 809, *range(923, 958), *range(959, 966), 987),
    "furniture": (
        423, 431, 453, 493, 495, 516, 520, 526, 532, 548, 553, 559, 564, 703, 736, 765, 831, 857, 894,
    ),
}  # fmt: skip


def classify(image: NDArray[np.uint8], group: Group) -> float:
    """How likely a photo's main object belongs to a group.

    Args:
        image: uint8 RGB (H, W, 3).
        group: animal, vehicle, food or furniture.

    Returns:
        0..1.

    Raises:
        ModelFault: the classifier is not installed.
    """
    square = shrink(image, SIDE, SIDE)
    shares = run("efficientnet_lite3", {"images": square[None].astype(np.float32)})["Softmax"][0]
    return float(shares[list(_KINDS[group])].sum() / max(1.0, float(shares.sum())))
