"""Train the mask head, which answers which pixels belong to the thing in a box.

python -m training.things.mask [--seconds 1100] [--start CHECKPOINT]
"""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import cv2
import numpy as np
import torch
from torch import nn

from training.common.command import load_weights, options
from training.common.export import export
from training.common.loop import Recipe, train
from training.common.losses import allowed_table
from training.common.net import Segmenter
from training.things.box_backbone import BoxBackbone
from training.things.mask_data import CHANNELS, SIZE, encode, instances, sample, window
from training.things.ssd_backbone import freeze_early, load

OUTPUT = Path("src/koutu/models/weights/things_mask.onnx")
CODES = [[0], [1], [0, 1]]  # outside, inside, unknown
VALIDATED = (
    "coco_panoptic200", "tiny_coco100", "voc_official", "furniture_roboflow", "oxford_pets370", "feral_cats", "kuih",
)  # fmt: skip


def mask_net() -> Segmenter:
    """The mask head's network with the detector's weights in its backbone."""
    inner = load()
    freeze_early(inner)
    return Segmenter(2, BoxBackbone(inner, CHANNELS), width=96)


@torch.no_grad()
def validate(net: nn.Module) -> dict[str, float]:
    """Mean IoU of single objects over 1 % of the photo, from their true boxes, by set and group."""
    ious: dict[str, list[float]] = defaultdict(list)
    for name in VALIDATED:
        for photo, parts in instances(name, "val"):
            h, w = photo.mask.shape
            for part in parts:
                if (part.mask == 1).mean() < 0.01:
                    continue
                x, m = encode(photo.image, window(part.box, w, h), part.box, part.group)
                logits = net(torch.from_numpy(x).permute(2, 0, 1)[None].float() / 255)[0]
                margin = (logits[1] - logits[0]).numpy()
                full = cv2.warpAffine(margin, m, (w, h), flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP, borderValue=-9.0)
                mine, truth, known = full > 0, part.mask == 1, part.mask != 2
                ious[f"{name} {part.group}"].append(float((mine & truth).sum() / max(1, ((mine | truth) & known).sum())))
    return {name: round(float(np.mean(values)), 4) for name, values in sorted(ious.items())}


def main() -> None:
    arguments = options(__doc__, Path("training/checkpoints/things_mask.pt"), OUTPUT, backbone=None, rate=1e-3)
    net = mask_net()
    load_weights(net, arguments)
    recipe = Recipe(
        arguments.seconds, 12, arguments.rate, backbone_share=0.3, average=0.995, threads=arguments.threads, seed=arguments.seed
    )
    averaged = train(net, sample, allowed_table(CODES, 2), recipe, arguments.checkpoint)
    for name, value in validate(averaged).items():
        print(f"{name:32} {value:.4f}")
    export(averaged, arguments.output, SIZE, channels=3 + CHANNELS)


if __name__ == "__main__":
    main()
