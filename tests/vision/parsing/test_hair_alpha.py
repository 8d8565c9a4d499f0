import numpy as np

from koutu.vision.parsing.hair_alpha import without_specks


def test_a_speck_beside_hair_goes_and_the_other_side_of_the_head_stays() -> None:
    hair = np.zeros((100, 100), np.bool_)
    hair[10:60, 5:25] = hair[10:60, 75:95] = True
    speck = hair.copy()
    speck[80:84, 50:54] = True
    assert np.array_equal(without_specks(speck), hair)
    assert not without_specks(np.zeros((9, 9), np.bool_)).any()
