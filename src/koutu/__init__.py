"""Koutu (抠图): image segmentation and matting as a library, a command line and a drop-in server for the imageseg API.

Every function takes a photo as a path, the bytes of a file (JPEG, PNG, BMP, WEBP, TIFF, GIF, AVIF, and HEIC with
`koutu[heic]`), a uint8 array (H, W), (H, W, 3) RGB or (H, W, 4) RGBA, or a PIL image, and gives a `koutu.results.Result`.
`koutu.map` runs one over many photos, `koutu.Client` has the same functions on a server. Nothing heavy is imported before the
first call.

They raise `koutu.errors.ImageError` where the photo cannot be used, `koutu.errors.Unsuitable` where a function that gives one
picture finds nothing to show, and `koutu.errors.ModelFault` where a model is not installed (`koutu models install`). Functions
that give elements give none where they find nothing.

Example:
    >>> import koutu
    >>> koutu.segment_common_image("photo.jpg").save("cutout.png")  # doctest: +SKIP
"""

from typing import TYPE_CHECKING

from koutu.batch import Item, map  # noqa: A004
from koutu.functions import Functions

if TYPE_CHECKING:
    from koutu.client import Client
    from koutu.contract.parameters import Value
    from koutu.images.photo import Photo
    from koutu.results import Result

__all__ = [
    "Client",
    "Item",
    "change_sky",
    "map",
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


class _Here(Functions):
    """The functions in this process."""

    def _call(self, name: str, *photos: "Photo", **params: "Value | None") -> "Result":
        from koutu.library import call

        return call(name, photos, **params)


here = _Here()
"""The functions of this process, where a program takes them as a value: they or a `Client`."""
segment_body = here.segment_body
segment_hd_body = here.segment_hd_body
segment_head = here.segment_head
segment_face = here.segment_face
segment_hair = here.segment_hair
parse_face = here.parse_face
segment_skin = here.segment_skin
segment_cloth = here.segment_cloth
segment_common_image = here.segment_common_image
segment_hd_common_image = here.segment_hd_common_image
segment_commodity = here.segment_commodity
segment_furniture = here.segment_furniture
segment_vehicle = here.segment_vehicle
segment_animal = here.segment_animal
segment_food = here.segment_food
segment_logo = here.segment_logo
segment_sky = here.segment_sky
segment_hd_sky = here.segment_hd_sky
segment_scene = here.segment_scene
refine_mask = here.refine_mask
change_sky = here.change_sky


def __getattr__(name: str) -> object:
    """`Client` is loaded when it is first asked for."""
    if name == "Client":
        from koutu.client import Client

        return Client
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
