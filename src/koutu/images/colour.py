"""Colour profiles to sRGB."""

import io

from PIL import Image, ImageCms

_SRGB = ImageCms.createProfile("sRGB")


def to_srgb(image: Image.Image, profile_bytes: bytes | None) -> Image.Image:
    """Convert a decoded RGB, grey or CMYK image to sRGB by its embedded profile; an unusable profile is passed over.

    A profile that does not fit the pixels, as broken writers leave it, is ignored as viewers do: the pixels are then
    taken as sRGB (CMYK by Pillow's plain formula).
    """
    if profile_bytes and image.mode in ("RGB", "L", "CMYK"):
        try:
            profile = ImageCms.ImageCmsProfile(io.BytesIO(profile_bytes))
            if image.mode == "RGB" and "sRGB" in ImageCms.getProfileDescription(profile):
                return image
            converted = ImageCms.profileToProfile(image, profile, _SRGB, outputMode="RGB")
        except (ImageCms.PyCMSError, OSError, ValueError):
            converted = None
        if converted is not None:
            return converted
    return image if image.mode == "RGB" else image.convert("RGB")
