"""One product without its background and without empty margins."""

import numpy as np
from PIL import Image

from koutu.contract import Form
from koutu.errors import Unsuitable
from koutu.functions import Functions
from koutu.images.picture import Picture
from koutu.results import Result

_FAINT = 24


def cut_product(picture: Picture, functions: Functions, name: str) -> Image.Image:
    """Cut a product out with the function called `name`; gives RGBA.

    Raises:
        Unsuitable: there is nothing of the kind in the photo.
    """
    result: Result = getattr(functions, name)(picture.opaque())
    if not result.cuts or not result.elements:
        raise Unsuitable("Nothing to cut out was found in the photo.")
    return _visible(result.as_form(Form.RGBA).image)


def ready_product(picture: Picture) -> Image.Image:
    """A cutout's visible part, RGBA.

    Raises:
        Unsuitable: the picture has no transparency.
    """
    if picture.alpha is None:
        raise Unsuitable("The picture has no transparent background; leave --ready out to have it cut.")
    return _visible(Image.fromarray(np.dstack([picture.rgb, picture.alpha])))


def _visible(image: Image.Image) -> Image.Image:
    """The picture without margins in which nothing or next to nothing shows."""
    box = image.getchannel("A").point(lambda alpha: 255 if alpha > _FAINT else 0).getbbox()
    if box is None:
        raise Unsuitable("The picture is transparent everywhere.")
    return image.crop(box)
