import numpy as np

from koutu.vision.people.person_alpha import decided, outlined_by, overlap


def disc(x: int, radius: int) -> np.ndarray:
    rows, columns = np.mgrid[:200, :300]
    return (np.hypot(rows - 100, columns - x) < radius).astype(np.float32)


def test_a_salient_person_takes_the_finer_outline() -> None:
    rough, fine = disc(100, 50), disc(100, 53)
    assert np.array_equal(outlined_by(rough, fine), fine)


def test_a_salient_thing_far_from_the_person_is_left_out() -> None:
    person = disc(100, 60)
    salient = np.maximum(disc(100, 58), disc(280, 10))
    joined = outlined_by(person, salient)
    assert joined[100, 100] == 1
    assert joined[100, 280] == 0


def test_the_overlap_of_two_views() -> None:
    person, dog, nothing = disc(70, 40), disc(230, 60), disc(70, 0)
    assert overlap(person, person) == 1
    assert overlap(person, dog) == overlap(nothing, nothing) == 0
    assert abs(overlap(person, np.maximum(person, dog)) - person.sum() / (person.sum() + dog.sum())) < 1e-6


def test_a_ghost_goes_and_a_person_with_soft_edges_stays() -> None:
    person, ghost = disc(70, 40), 0.5 * disc(230, 40)
    person = np.maximum(person, 0.5 * disc(70, 44))
    kept = decided(np.maximum(person, ghost).astype(np.float32))
    assert np.array_equal(kept, person)
