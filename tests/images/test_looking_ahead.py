import io

import numpy as np
import pytest
from PIL import Image

from koutu.errors import ImageContent
from koutu.images import decode as module
from koutu.images.decode import decode
from koutu.images.shrink import shrink


@pytest.fixture(autouse=True)
def everything_is_very_large(monkeypatch):
    monkeypatch.setattr(module, "_VERY_LARGE", 1)


def _jpeg(width, height):
    y, x = np.mgrid[:height, :width]
    pixels = np.stack([x * 255 // width, y * 255 // height, (x // 40 + y // 40) % 2 * 200], axis=2).astype(np.uint8)
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "JPEG", quality=90)
    return file.getvalue()


def test_the_look_sees_the_photo_small_and_the_photo_is_decoded_as_ever():
    data = _jpeg(4800, 4000)
    seen = []
    picture = decode(data, first_look=lambda photo: seen.append((photo, shrink(photo, 600, 500))))
    photo, small = seen[0]
    assert picture.rgb is photo
    assert np.array_equal(photo, decode(data).rgb)
    assert np.abs(small.astype(int) - shrink(np.array(photo), 600, 500)).mean() < 2


def test_a_photo_whose_sides_do_not_divide_is_not_looked_at():
    seen = []
    assert decode(_jpeg(4801, 4000), first_look=seen.append).rgb.shape == (4000, 4801, 3)
    assert not seen


def test_a_broken_file_is_refused_all_the_same():
    with pytest.raises(ImageContent):
        decode(_jpeg(4800, 4000)[:20000], first_look=lambda photo: None)


def test_what_the_look_raises_is_raised():
    def look(photo):
        raise RuntimeError("no model")

    with pytest.raises(RuntimeError, match="no model"):
        decode(_jpeg(4800, 4000), first_look=look)
