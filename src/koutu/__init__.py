"""Koutu (抠图): image segmentation and matting as a library, a command line and a drop-in server for the imageseg API.

Example:
    >>> import koutu
    >>> koutu.segment_common_image("photo.jpg").save("cutout.png")  # doctest: +SKIP
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from koutu.library import Photo, Result

__all__ = ["segment_commodity", "segment_common_image", "segment_hd_common_image"]


def segment_common_image(photo: "Photo", return_form: str | None = None) -> "Result":
    """Cut out the subject of a photo.

    Args:
        photo: a path, the bytes of a JPEG, PNG, BMP or WEBP file, a uint8 array (H, W), (H, W, 3) RGB or (H, W, 4) RGBA, or a
            PIL image.
        return_form: what `.image` shows: None = RGBA, "mask" = one channel, "whiteBK" = on white.

    Raises:
        koutu.errors.ImageError: the photo cannot be used, or shows no subject.
        koutu.errors.ModelFault: the model is not installed (`koutu models install`).
    """
    from koutu.library import call

    return call("segment_common_image", (photo,), return_form=return_form)


def segment_commodity(photo: "Photo", return_form: str | None = None) -> "Result":
    """Cut out the products of a photo; parameters and errors as for `segment_common_image`."""
    from koutu.library import call

    return call("segment_commodity", (photo,), return_form=return_form)


def segment_hd_common_image(photo: "Photo") -> "Result":
    """Cut out the subject of a very large photo; parameters and errors as for `segment_common_image`."""
    from koutu.library import call

    return call("segment_hd_common_image", (photo,))
