import numpy as np
import pytest
from numpy.typing import NDArray

from koutu.actions import upright as module
from koutu.actions.outcome import Element, Outcome
from koutu.actions.upright import upright


@pytest.mark.parametrize("turns", [0, 1, 2, 3])
def test_elements_lie_where_they_do_on_the_photo_as_it_came(monkeypatch: pytest.MonkeyPatch, turns: int) -> None:
    photo = np.zeros((30, 50, 3), np.uint8)
    photo[3:9, 20:45] = np.arange(1, 26, dtype=np.uint8)[:, None]

    @upright
    def bright(image: NDArray[np.uint8], least: int) -> Outcome:
        rows, columns = np.nonzero(image[..., 0] >= least)
        top, left = int(rows.min()), int(columns.min())
        alpha = image[top : rows.max() + 1, left : columns.max() + 1, 0].copy()
        return Outcome((Element(alpha, left, top, "bar"),))

    monkeypatch.setattr(module, "quarter_turns", lambda image: turns)
    (element,) = bright(photo, least=1).elements
    assert (element.x, element.y, element.name) == (20, 3, "bar")
    assert np.array_equal(element.alpha, photo[3:9, 20:45, 0])
