"""Runs `koutu` with a plain shape in the place of every action's vision, so that all around it can be tested for all actions.

The first argument names a folder: what an action was called with is noted in its `seen`, and the error class that its `raise`
names is raised instead.
"""

import json
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np

from koutu import errors, library
from koutu.actions.outcome import Element, Outcome
from koutu.cli.main import app
from koutu.contract import Action, Form

FOLDER = Path(sys.argv.pop(1))


def outcome(action: Action, image: np.ndarray) -> Outcome:
    height, width = image.shape[:2]
    if action.form(None) is Form.LABELS:
        return Outcome(labels=np.ones((height, width), np.uint8))
    if action.form(None) is Form.RGB:
        return Outcome(picture=image)
    alpha = np.zeros((height, width), np.uint8)
    alpha[:, width // 3 :] = 255
    alpha[:, width // 3] = 128
    if action.result.shape == "image":
        return Outcome((Element(alpha),))
    if action.result.placed:
        return Outcome((Element(alpha[10:40, 5:30].copy(), 5, 10), Element(alpha[:20, :20].copy(), 0, 0)))
    names = action.parts or ("tops", "tops")
    return Outcome(tuple(Element(alpha, name=name) for name in names))


def function(action: Action) -> Callable[..., Outcome]:
    def work(*images: np.ndarray, **options: object) -> Outcome:
        wanted = (FOLDER / "raise").read_text() if (FOLDER / "raise").exists() else ""
        if wanted:
            raise getattr(errors, wanted)("as the test asked")
        with (FOLDER / "seen").open("a") as seen:
            seen.write(
                json.dumps({"action": action.name, "images": [image.shape for image in images], "options": options}) + "\n"
            )
        return outcome(action, images[0])

    return work


library._function = function
library.available = lambda action: True
library.warm_up = lambda: None
app()
