"""Koutu (抠图): image segmentation and matting as a library, a command line and a drop-in server for the imageseg API.

Every function takes a photo as a path, the bytes of a JPEG, PNG, BMP or WEBP file, a uint8 array (H, W), (H, W, 3) RGB or
(H, W, 4) RGBA, or a PIL image, and gives a `koutu.library.Result`. Nothing heavy is imported before the first call.

They raise `koutu.errors.ImageError` where the photo cannot be used, `koutu.errors.Unsuitable` where a function that gives one
picture finds nothing to show, and `koutu.errors.ModelFault` where a model is not installed (`koutu models install`). Functions
that give elements give none where they find nothing.

Example:
    >>> import koutu
    >>> koutu.segment_common_image("photo.jpg").save("cutout.png")  # doctest: +SKIP
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from koutu.contract.parameters import Value
    from koutu.library import Photo, Result

__all__ = [
    "change_sky",
    "parse_face",
    "refine_mask",
    "segment_animal",
    "segment_body",
    "segment_cloth",
    "segment_commodity",
    "segment_common_image",
    "segment_face",
    "segment_food",
    "segment_furniture",
    "segment_hair",
    "segment_hd_body",
    "segment_hd_common_image",
    "segment_hd_sky",
    "segment_head",
    "segment_logo",
    "segment_scene",
    "segment_skin",
    "segment_sky",
    "segment_vehicle",
]


def segment_body(photo: "Photo", return_form: str | None = None) -> "Result":
    """Cut out the people in a photo; return_form: None = RGBA, "mask", "crop" (no empty margins) or "whiteBK"."""
    return _call("segment_body", photo, return_form=return_form)


def segment_hd_body(photo: "Photo") -> "Result":
    """Cut out the people in a very large photo."""
    return _call("segment_hd_body", photo)


def segment_head(photo: "Photo", return_form: str | None = None) -> "Result":
    """Cut out each person's head, one element each; return_form: None = RGBA or "mask"."""
    return _call("segment_head", photo, return_form=return_form)


def segment_face(photo: "Photo") -> "Result":
    """Cut out each face without neck, ears and hair, one element each."""
    return _call("segment_face", photo)


def segment_hair(photo: "Photo") -> "Result":
    """Cut out each person's hair, one element each."""
    return _call("segment_hair", photo)


def parse_face(photo: "Photo") -> "Result":
    """Cut out the parts of the one frontal face in a photo; an element's name is its part, sides are the subject's."""
    return _call("parse_face", photo)


def segment_skin(photo: "Photo") -> "Result":
    """Find all human skin in a photo; the image is a one-channel mask."""
    return _call("segment_skin", photo)


def segment_cloth(
    photo: "Photo", return_form: str | None = None, cloth_class: Sequence[str] | None = None, out_mode: int | None = None
) -> "Result":
    """Cut out garments, one element per group.

    Args:
        photo: the photo.
        return_form: None = RGBA, "mask" or "whiteBK".
        cloth_class: the groups wanted, out of tops, coat, skirt, pants, bag, shoes and hat; None = all.
        out_mode: 1 = everything wanted in one element.
    """
    groups = None if cloth_class is None else tuple(cloth_class)
    return _call("segment_cloth", photo, return_form=return_form, cloth_class=groups, out_mode=out_mode)


def segment_common_image(photo: "Photo", return_form: str | None = None) -> "Result":
    """Cut out the subject of a photo; return_form: None = RGBA, "mask" or "whiteBK"."""
    return _call("segment_common_image", photo, return_form=return_form)


def segment_hd_common_image(photo: "Photo") -> "Result":
    """Cut out the subject of a very large photo."""
    return _call("segment_hd_common_image", photo)


def segment_commodity(photo: "Photo", return_form: str | None = None) -> "Result":
    """Cut out the products in a photo; return_form: None = RGBA, "mask" or "whiteBK"."""
    return _call("segment_commodity", photo, return_form=return_form)


def segment_furniture(photo: "Photo") -> "Result":
    """Cut out furniture, one element each."""
    return _call("segment_furniture", photo)


def segment_vehicle(photo: "Photo") -> "Result":
    """Cut out cars and other vehicles, one element each."""
    return _call("segment_vehicle", photo)


def segment_animal(photo: "Photo", return_form: str | None = None) -> "Result":
    """Cut out the animals in a photo; return_form: None = RGBA, "mask" or "whiteBK"."""
    return _call("segment_animal", photo, return_form=return_form)


def segment_food(photo: "Photo", return_form: str | None = None) -> "Result":
    """Cut out the food in a photo; return_form: None = RGBA, "mask" or "whiteBK"."""
    return _call("segment_food", photo, return_form=return_form)


def segment_logo(photo: "Photo") -> "Result":
    """Separate a logo from its background."""
    return _call("segment_logo", photo)


def segment_sky(photo: "Photo") -> "Result":
    """Cut out the sky."""
    return _call("segment_sky", photo)


def segment_hd_sky(photo: "Photo") -> "Result":
    """Cut out the sky of a large photo in full detail."""
    return _call("segment_hd_sky", photo)


def segment_scene(photo: "Photo") -> "Result":
    """Label every pixel of an outdoor photo; `Result.labels` holds class ids into the contract's classes."""
    return _call("segment_scene", photo)


def refine_mask(photo: "Photo", mask: "Photo") -> "Result":
    """Refine a coarse mask of a photo; of a mask with transparency its alpha counts, else its brightness."""
    return _call("refine_mask", photo, mask)


def change_sky(photo: "Photo", reference: "Photo") -> "Result":
    """Put the sky of a reference photo into a photo and fit the light; the image is a new picture."""
    return _call("change_sky", photo, reference)


def _call(name: str, *photos: "Photo", **params: "Value | None") -> "Result":
    from koutu.library import call

    return call(name, photos, **params)
