"""Train the scene head: python -m training.things.train_scene OUT.pt [--steps N] [--backbone ssd|lite0|lite2]."""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from training.common.net import Segmenter
from training.things import labelled
from training.things.fit import fit
from training.things.scene_data import samples
from training.things.scene_labels import CLASSES, TABLES
from training.things.ssd_backbone import backbone_for, freeze_early

SIZE = (288, 320)


def partial_loss(logits: Tensor, allowed: Tensor) -> Tensor:
    """-log of the probability of the allowed classes; logits (N, C, H, W), allowed int (N, H, W) bit masks, 0 ignored."""
    # at half size: the logits are not finer than that, and the loss costs a quarter
    logits = torch.nn.functional.avg_pool2d(logits, 2)
    allowed = allowed[:, ::2, ::2]
    shifts = torch.arange(logits.shape[1], device=logits.device).view(1, -1, 1, 1)
    inside = (allowed.unsqueeze(1) >> shifts) & 1
    masked = logits.masked_fill(inside == 0, -1e4)
    loss = torch.logsumexp(logits, 1) - torch.logsumexp(masked, 1)
    known = allowed > 0
    certain = (allowed & (allowed - 1)) == 0
    weight = known * torch.where(certain, 1.0, 0.5) * _weights(inside)
    # the hardest tenth counts twice: thin and rare things are otherwise drowned by sky and road
    flat = loss[known].detach()
    hard = torch.quantile(flat[:: max(1, flat.numel() // 20000)], 0.9) if flat.numel() else loss.new_zeros(())
    weight = weight * torch.where(loss.detach() > hard, 2.0, 1.0)
    return (loss * weight).sum() / weight.sum().clamp(min=1.0)


# thin or rare classes weigh more than sky, ground and buildings, which fill the photos
CLASS_WEIGHT = torch.tensor([1.0, 1.0, 1.0, 1.0, 2.0, 1.3, 1.3, 1.5, 1.0, 1.6, 1.4, 1.4, 1.8, 1.0])


def _weights(inside: Tensor) -> Tensor:
    table = CLASS_WEIGHT.to(inside.device).view(1, -1, 1, 1)
    return (inside * table).sum(1) / inside.sum(1).clamp(min=1)


@torch.no_grad()
def validate(net: Segmenter) -> dict[str, float]:
    """Pixel accuracy (an allowed class counts as right) on Stanford and COCO, mean IoU of CamVid's seven classes."""
    figures = {}
    for name in ("stanford_background", "camvid", "coco_panoptic200"):
        right = total = 0
        inter, union = np.zeros(len(CLASSES)), np.zeros(len(CLASSES))
        for photo in labelled.photos(name, "val"):
            bits = TABLES[name][photo.mask]
            predicted = predict(net, photo.image)
            known = bits > 0
            right += int((((bits >> predicted) & 1) * known).sum())
            total += int(known.sum())
            for c in range(len(CLASSES)):
                truth, mine = bits == 1 << c, (predicted == c) & known
                inter[c] += (truth & mine).sum()
                union[c] += (truth | mine).sum()
        figures[f"{name} accuracy"] = right / total
        iou = {c: inter[i] / union[i] for i, c in enumerate(CLASSES) if union[i]}
        if name == "camvid":
            seven = ("sky", "building", "structure", "ground", "tree", "vehicle", "person")
            figures["camvid mIoU"] = float(np.mean([iou[c] for c in seven]))
        figures.update({f"{name[:6]} {c}": round(float(v), 3) for c, v in iou.items()})
    return figures


def predict(net: Segmenter, image: np.ndarray, short: int = 320) -> np.ndarray:
    """Class ids (H, W) of a uint8 RGB photo, the network seeing it with the given short side."""
    h, w = image.shape[:2]
    scale = short / min(h, w)
    size = [max(32, round(s * scale / 32) * 32) for s in (h, w)]
    x = torch.from_numpy(np.ascontiguousarray(image)).permute(2, 0, 1)[None].float() / 255
    x = torch.nn.functional.interpolate(x, size, mode="bilinear", antialias=True, align_corners=False)
    logits = net(x.contiguous(memory_format=torch.channels_last)).float()
    logits = torch.nn.functional.interpolate(logits, (h, w), mode="bilinear", align_corners=False)
    return np.asarray(logits[0].argmax(0).numpy())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("--steps", type=int, default=1500)
    parser.add_argument("--batch", type=int, default=10)
    parser.add_argument("--rate", type=float, default=1e-3)
    parser.add_argument("--backbone", default="ssd")
    parser.add_argument("--start", type=Path, help="weights to go on from")
    args = parser.parse_args()
    torch.manual_seed(5)
    net = Segmenter(len(CLASSES), backbone_for(args.backbone))
    if args.start:
        net.load_state_dict(torch.load(args.start, weights_only=True))
    if args.backbone == "ssd":
        freeze_early(net.backbone)
    fit(net, samples(SIZE, seed=5), partial_loss, validate, args.out, args.steps, args.batch, args.rate)


if __name__ == "__main__":
    main()
