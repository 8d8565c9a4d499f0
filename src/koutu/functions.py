"""The actions as typed functions, wherever they run: in this process, or on a server."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from koutu.contract.parameters import Value
    from koutu.images.photo import Photo
    from koutu.results import Result


class Functions(ABC):
    """Every action as a function: `koutu.segment_body(photo)` in this process, `client.segment_body(photo)` on a server.

    A photo is a path, the bytes of a file, a uint8 array (H, W), (H, W, 3) RGB or (H, W, 4) RGBA, or a PIL image.
    """

    def segment_body(self, photo: "Photo", return_form: str | None = None) -> "Result":
        """Cut out the people in a photo; return_form: None = RGBA, "mask", "crop" (no empty margins) or "whiteBK"."""
        return self._call("segment_body", photo, return_form=return_form)

    def segment_hd_body(self, photo: "Photo") -> "Result":
        """Cut out the people in a very large photo."""
        return self._call("segment_hd_body", photo)

    def segment_head(self, photo: "Photo", return_form: str | None = None) -> "Result":
        """Cut out each person's head, one element each; return_form: None = RGBA or "mask"."""
        return self._call("segment_head", photo, return_form=return_form)

    def segment_face(self, photo: "Photo") -> "Result":
        """Cut out each face without neck, ears and hair, one element each."""
        return self._call("segment_face", photo)

    def segment_hair(self, photo: "Photo") -> "Result":
        """Cut out each person's hair, one element each."""
        return self._call("segment_hair", photo)

    def parse_face(self, photo: "Photo") -> "Result":
        """Cut out the parts of the one frontal face in a photo; an element's name is its part, sides are the subject's."""
        return self._call("parse_face", photo)

    def segment_skin(self, photo: "Photo") -> "Result":
        """Find all human skin in a photo; the image is a one-channel mask."""
        return self._call("segment_skin", photo)

    def segment_cloth(
        self,
        photo: "Photo",
        return_form: str | None = None,
        cloth_class: Sequence[str] | None = None,
        out_mode: int | None = None,
    ) -> "Result":
        """Cut out garments, one element per group.

        Args:
            photo: the photo.
            return_form: None = RGBA, "mask" or "whiteBK".
            cloth_class: the groups wanted, out of tops, coat, skirt, pants, bag, shoes and hat; None = all.
            out_mode: 1 = everything wanted in one element.
        """
        groups = None if cloth_class is None else tuple(cloth_class)
        return self._call("segment_cloth", photo, return_form=return_form, cloth_class=groups, out_mode=out_mode)

    def segment_common_image(self, photo: "Photo", return_form: str | None = None) -> "Result":
        """Cut out the subject of a photo; return_form: None = RGBA, "mask" or "whiteBK"."""
        return self._call("segment_common_image", photo, return_form=return_form)

    def segment_hd_common_image(self, photo: "Photo") -> "Result":
        """Cut out the subject of a very large photo."""
        return self._call("segment_hd_common_image", photo)

    def segment_commodity(self, photo: "Photo", return_form: str | None = None) -> "Result":
        """Cut out the products in a photo; return_form: None = RGBA, "mask" or "whiteBK"."""
        return self._call("segment_commodity", photo, return_form=return_form)

    def segment_furniture(self, photo: "Photo") -> "Result":
        """Cut out furniture, one element each."""
        return self._call("segment_furniture", photo)

    def segment_vehicle(self, photo: "Photo") -> "Result":
        """Cut out cars and other vehicles, one element each."""
        return self._call("segment_vehicle", photo)

    def segment_animal(self, photo: "Photo", return_form: str | None = None) -> "Result":
        """Cut out the animals in a photo; return_form: None = RGBA, "mask" or "whiteBK"."""
        return self._call("segment_animal", photo, return_form=return_form)

    def segment_food(self, photo: "Photo", return_form: str | None = None) -> "Result":
        """Cut out the food in a photo; return_form: None = RGBA, "mask" or "whiteBK"."""
        return self._call("segment_food", photo, return_form=return_form)

    def segment_logo(self, photo: "Photo") -> "Result":
        """Separate a logo from its background."""
        return self._call("segment_logo", photo)

    def segment_sky(self, photo: "Photo") -> "Result":
        """Cut out the sky."""
        return self._call("segment_sky", photo)

    def segment_hd_sky(self, photo: "Photo") -> "Result":
        """Cut out the sky of a large photo in full detail."""
        return self._call("segment_hd_sky", photo)

    def segment_scene(self, photo: "Photo") -> "Result":
        """Label every pixel of an outdoor photo; `Result.labels` holds class ids into the contract's classes."""
        return self._call("segment_scene", photo)

    def refine_mask(self, photo: "Photo", mask: "Photo") -> "Result":
        """Refine a coarse mask of a photo; of a mask with transparency its alpha counts, else its brightness."""
        return self._call("refine_mask", photo, mask)

    def change_sky(self, photo: "Photo", reference: "Photo") -> "Result":
        """Put the sky of a reference photo into a photo and fit the light; the image is a new picture."""
        return self._call("change_sky", photo, reference)

    @abstractmethod
    def _call(self, name: str, *photos: "Photo", **params: "Value | None") -> "Result": ...
