"""What the files on people share: validation photos with their truths, scores by photo, the gap between skin tones."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from training.common.datasets import pairs, thinned

from benchmarks.quality.answers import Action, union
from benchmarks.quality.group_photos import false_answers
from benchmarks.quality.metrics import mean, overlap, ratio
from benchmarks.quality.table import Row

Mask = NDArray[np.bool_]

# CelebAMask-HQ ids
FACE = (1, 2, 3, 4, 5, 6, 7, 10, 11, 12)
HEAD = (*FACE, 8, 9, 13, 14, 15)
SKIN = (1, 2, 4, 5, 6, 7, 8, 9, 10, 11, 12, 17)
HAIR = (13,)
_BRIGHT = 0.75  # quantile of the skin's lightness that stands for it: shadows are left out


@dataclass(frozen=True)
class Case:
    """One labelled photo: the truth, where it is known, and the labelled skin's lightness (L*, 0..100) if there is any."""

    photo: NDArray[np.uint8]
    truth: Mask
    known: Mask
    lightness: float | None


def cases(
    dataset: str,
    ids: tuple[int, ...],
    ignore: tuple[int, ...] = (),
    skin: tuple[int, ...] = (),
    least: float = 0.0,
    split: str = "val",
) -> Iterator[Case]:
    """The photos of a set's split where the ids take more than ``least`` of the photo; with 0 all photos."""
    for pair in pairs(dataset, split) if split == "val" else thinned(pairs(dataset, split)):
        photo, labels = pair.read()
        truth = np.isin(labels, ids)
        if least == 0 or truth.mean() > least:
            bare = np.isin(labels, skin)
            yield Case(photo, truth, ~np.isin(labels, ignore), _lightness(photo, bare) if bare.sum() > 50 else None)


@dataclass(frozen=True)
class Score:
    """An action's answer to one case: the pixels in truth and answer and in either of them, and the skin's lightness."""

    inside: int
    around: int
    lightness: float | None

    @property
    def iou(self) -> float:
        """Intersection over union; 1 where there is nothing to find and nothing was found."""
        return ratio(self.inside, self.around)


def score(action: Action, photos: Iterator[Case]) -> list[Score]:
    """The score of each photo."""
    return [Score(*overlap(union(action, case.photo), case.truth, case.known), case.lightness) for case in photos]


def row(name: str, dataset: str, bar: float | None, aim: float | None, scores: list[Score]) -> Row:
    """The mean IoU as a row."""
    return Row(name, dataset, "IoU, mean", bar, aim, mean([entry.iou for entry in scores]), len(scores))


def pooled(name: str, dataset: str, scores: list[Score]) -> Row:
    """IoU over all photos together: a bald head, where a speck of hair makes a photo 0, weighs little."""
    share = ratio(sum(entry.inside for entry in scores), sum(entry.around for entry in scores))
    return Row(name, dataset, "IoU, pooled", None, None, share, len(scores))


def wrong(name: str, action: Action) -> Row:
    """How many photos without people an action still finds something in."""
    answers = false_answers(action, "person")
    return Row(name, "photos without people", "wrong answers", None, None, mean(answers), len(answers), True)


def tones(name: str, dataset: str, scores: list[Score]) -> Iterator[Row]:
    """The mean by third of skin lightness, and the largest gap between the thirds."""
    known = [(entry.lightness, entry.iou) for entry in scores if entry.lightness is not None]
    edges = np.quantile([lightness for lightness, _ in known], (1 / 3, 2 / 3))
    means = []
    for index, group in enumerate(("darker", "medium", "lighter")):
        values = [value for lightness, value in known if int(np.searchsorted(edges, lightness)) == index]
        means.append(mean(values))
        span = f"L* up to {edges[0]:.0f}" if index == 0 else f"L* over {edges[index - 1]:.0f}"
        yield Row(name, f"{dataset}, {group} skin ({span})", "IoU, mean", None, None, means[-1], len(values))
    yield Row(name, f"{dataset}, skin tones", "gap of means", None, None, max(means) - min(means), len(known), True)


def _lightness(photo: NDArray[np.uint8], bare: Mask) -> float:
    lightness = cv2.cvtColor(photo, cv2.COLOR_RGB2LAB)[..., 0][bare] * (100 / 255)
    return float(np.quantile(lightness, _BRIGHT))
