import numpy as np

from koutu.vision.objects.kind_votes import Votes
from koutu.vision.objects.thing import Box


def _votes(probability, share=1.0):
    own = np.zeros((80, 100), np.float32)
    own[20 : 20 + round(40 * share), 10:60] = probability
    return Votes(own, np.zeros_like(own))


def test_what_is_seen_in_a_box_is_its_mask_and_ends_there():
    mask = _votes(0.7).within(Box(30.0, 10.0, 90.0, 70.0))
    assert (mask[20:60, 30:60] == 1).all()
    assert not mask[:, :30].any(), "seen, but beside the box"
    assert not mask[:, 60:].any(), "in the box, but not seen"


def test_a_faint_view_of_a_group_is_no_mask():
    assert not _votes(0.4).within(Box(0.0, 0.0, 100.0, 80.0)).any()


def test_a_small_part_of_a_box_is_no_mask():
    assert not _votes(0.9, share=0.1).within(Box(0.0, 0.0, 100.0, 80.0)).any()


def test_a_box_may_reach_beyond_the_photo():
    assert _votes(0.9).within(Box(-20.0, -10.0, 120.0, 95.0)).sum() == 40 * 50
