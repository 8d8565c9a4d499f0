"""The training loop of all heads: AdamW, cosine decay over a time budget, bf16, an average of the weights."""

from __future__ import annotations

import copy
import math
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from training.common.losses import partial_cross_entropy, partial_dice
from training.common.net import Segmenter

Sample = Callable[[np.random.Generator], tuple[NDArray[np.uint8], NDArray[np.uint8]]]


@dataclass(frozen=True)
class Recipe:
    """How long and how hard to train."""

    seconds: float
    batch: int = 16
    rate: float = 1e-3
    backbone_share: float = 0.4  # the backbone's learning rate, as a share of the head's
    weight_decay: float = 0.02
    dice: float = 0.7
    average: float = 0.97
    seed: int = 7
    threads: int = 2


def _batches(sample: Sample, recipe: Recipe) -> Iterator[tuple[Tensor, Tensor]]:
    """Draw batches in a thread ahead of their use (a forked worker would hang on OpenVINO's and OpenCV's threads)."""
    cv2.setNumThreads(1)
    rng = np.random.default_rng(recipe.seed)

    def draw() -> tuple[Tensor, Tensor]:
        photos, codes = zip(*(sample(rng) for _ in range(recipe.batch)), strict=True)
        return torch.from_numpy(np.stack(photos)), torch.from_numpy(np.stack(codes))

    with ThreadPoolExecutor(1) as pool:
        ahead = [pool.submit(draw), pool.submit(draw)]
        while True:
            ahead.append(pool.submit(draw))
            yield ahead.pop(0).result()


def train(
    net: Segmenter,
    sample: Sample,
    allowed: Tensor,
    recipe: Recipe,
    checkpoint: Path,
) -> Segmenter:
    """Train ``net`` for the recipe's time and return the averaged network (also kept in ``checkpoint`` meanwhile).

    net: uint8-scaled float (N, 3, S, S) in 0..1 to logits (N, classes, S, S). sample: draws one uint8 photo (S, S, 3)
    and its codes (S / 2, S / 2). allowed: bool (codes, classes), see training.common.losses.
    """
    torch.manual_seed(recipe.seed)
    torch.set_num_threads(recipe.threads)
    net = net.to(memory_format=torch.channels_last).train()
    averaged = copy.deepcopy(net).eval()
    groups: list[dict[str, object]] = []
    for name, parameter in net.named_parameters():
        if not parameter.requires_grad:
            continue
        share = recipe.backbone_share if name.startswith("backbone.") else 1.0
        decay = recipe.weight_decay if parameter.dim() > 1 else 0.0
        groups.append({"params": [parameter], "share": share, "weight_decay": decay})
    optimizer = torch.optim.AdamW(groups, lr=recipe.rate)
    batches = _batches(sample, recipe)
    checkpoint.parent.mkdir(parents=True, exist_ok=True)
    start = saved = shown = time.monotonic()
    step = 0
    running = 0.0
    while (elapsed := time.monotonic() - start) < recipe.seconds:
        progress = elapsed / recipe.seconds
        rate = recipe.rate * min(1.0, (step + 1) / 50) * (0.5 * (1 + math.cos(math.pi * progress)) + 0.01)
        for group in optimizer.param_groups:
            group["lr"] = rate * group["share"]
        photos, codes = next(batches)
        x = photos.permute(0, 3, 1, 2).float().div_(255).contiguous(memory_format=torch.channels_last)
        with torch.autocast("cpu", torch.bfloat16):
            logits = net.coarse(x)
        logits = logits.float()
        target = codes.long()
        loss = partial_cross_entropy(logits, target, allowed)
        if recipe.dice:
            loss = loss + recipe.dice * partial_dice(logits, target, allowed)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(net.parameters(), 5.0)
        optimizer.step()
        step += 1
        keep = min(recipe.average, (step + 1) / (step + 10))
        with torch.no_grad():
            for slow, fast in zip(averaged.state_dict().values(), net.state_dict().values(), strict=True):
                if slow.is_floating_point():
                    slow.lerp_(fast, 1 - keep)
                else:
                    slow.copy_(fast)
        running = loss.item() if step == 1 else 0.97 * running + 0.03 * loss.item()
        now = time.monotonic()
        if now - shown > 20:
            shown = now
            print(f"{now - start:6.0f} s  step {step:5d}  {step * recipe.batch} photos  loss {running:.4f}", flush=True)
        if now - saved > 60:
            saved = now
            torch.save(averaged.state_dict(), checkpoint)
    torch.save(averaged.state_dict(), checkpoint)
    print(f"{time.monotonic() - start:.0f} s, {step} steps, {step * recipe.batch} photos, loss {running:.4f}", flush=True)
    return averaged
