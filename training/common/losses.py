"""Losses for photos of which only some classes are labelled.

A target pixel is a code. ``allowed[code]`` says which classes the code stands for: one class for a full label, several
where the label does not tell them apart ("skin" of a set that does not know noses), all of them for "ignore". So sets
with different labels train one network.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor


def allowed_table(codes: Sequence[Sequence[int]], classes: int) -> Tensor:
    """Bool (codes, classes) from a list of the classes each code may be."""
    table = torch.zeros(len(codes), classes, dtype=torch.bool)
    for code, members in enumerate(codes):
        table[code, list(members)] = True
    return table


def partial_cross_entropy(logits: Tensor, target: Tensor, allowed: Tensor) -> Tensor:
    """Mean of -log P(one of the allowed classes).

    logits: float (N, classes, H, W); target: long (N, H, W) of codes; allowed: bool (codes, classes).
    """
    inner = logits.permute(0, 2, 3, 1)
    masked = inner.masked_fill(~allowed[target], -1e4)
    return (torch.logsumexp(inner, -1) - torch.logsumexp(masked, -1)).mean()


def partial_dice(logits: Tensor, target: Tensor, allowed: Tensor) -> Tensor:
    """Soft Dice loss, mean over the classes present in the batch (Milletari et al. 2016).

    A class is scored only on pixels whose code decides it: those that are the class for sure and those that are not.
    """
    probabilities = logits.softmax(1)
    certain = allowed.sum(1) == 1
    truth = (allowed & certain[:, None])[target].permute(0, 3, 1, 2)
    decided = truth | ~allowed[target].permute(0, 3, 1, 2)
    seen = probabilities * decided
    sizes = truth.sum((0, 2, 3)).float()
    overlap = (seen * truth).sum((0, 2, 3))
    score = 2 * overlap / (seen.sum((0, 2, 3)) + sizes + 1.0)
    present = sizes > 0
    return (1 - score[present]).mean() if bool(present.any()) else logits.sum() * 0.0
