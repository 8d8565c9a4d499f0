import numpy as np

from koutu.vision.faces.face import Face
from koutu.vision.parsing.skin_tone import skin_tone

SKIN, SUIT, SHADE = (205, 160, 135), (225, 85, 40), (150, 110, 88)
FACE = Face(10, 10, 40, 40, 0.9, ((20, 20), (40, 20), (30, 30), (30, 40), (10, 25), (50, 25)))


def _photo(face):
    photo = np.zeros((100, 120, 3), np.uint8)
    photo[:, :60] = face
    photo[:, 60:90] = SUIT
    photo[:, 90:] = SHADE
    return photo


def test_a_garment_in_no_faces_colour_is_no_skin():
    like = skin_tone(_photo(SKIN), [FACE], (60, 50))
    assert like.shape == (50, 60)
    assert like[:, :28].min() == 1
    assert like[:, 32:43].max() == 0
    assert like[:, 48:].min() == 1, "the same skin in the shade is skin"


def test_where_no_face_tells_a_tone_all_may_be_skin():
    assert skin_tone(_photo(SKIN), [], (60, 50)).min() == 1
    assert skin_tone(_photo((128, 128, 128)), [FACE], (60, 50)).min() == 1
    tiny = Face(10, 10, 4, 4, 0.9, FACE.points)
    assert skin_tone(_photo(SKIN), [tiny], (60, 50)).min() == 1
