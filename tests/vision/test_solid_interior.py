import numpy as np

from koutu.vision.matting.solid_interior import solid_interior


def test_a_wide_doubtful_part_becomes_solid_and_a_thin_one_stays_soft():
    saliency = np.zeros((300, 300), np.float32)
    saliency[50:250, 50:250] = 0.6
    saliency[10:16, 50:250] = 0.6  # as wide as a lock of hair
    alpha = solid_interior(saliency)
    assert alpha[150, 150] == 1
    assert 0.5 < alpha[12, 150] < 0.8
    assert 0.5 < alpha[51, 150] < 0.8, "beside the background it stays as it was"


def test_haze_is_taken_away_and_sure_parts_are_kept():
    saliency = np.full((100, 100), 0.015, np.float32)
    saliency[40:60, 40:60] = 0.97
    alpha = solid_interior(saliency)
    assert (alpha[:30] == 0).all()
    assert (alpha[41:59, 41:59] == 1).all()


def test_a_subject_cut_off_by_the_frame_is_solid_up_to_it():
    saliency = np.zeros((300, 300), np.float32)
    saliency[:, :200] = 0.5
    alpha = solid_interior(saliency)
    assert (alpha[:, :150] == 1).all()


def test_alpha_never_falls():
    saliency = np.random.default_rng(1).random((64, 64), np.float32)
    assert (solid_interior(saliency) >= np.clip((saliency - 0.02) / 0.88, 0, 1) - 1e-6).all()
