"""The limits that a picture file has to keep."""

from koutu.contract import Limits
from koutu.errors import ImageContent, ImageResolution, TooLarge
from koutu.images.header import Header


def check_safe(header: Header, max_pixels: int) -> None:
    """Refuse a picture that would take too much memory.

    Raises:
        ImageResolution: it has more than `max_pixels` pixels.
    """
    if header.width * header.height > max_pixels:
        raise ImageResolution(f"The image has {header.width}x{header.height} pixels; at most {max_pixels} pixels are taken.")


def check_documented(header: Header, size: int, limits: Limits) -> None:
    """Hold a file of `size` bytes to the limits that the contract gives its action.

    Raises:
        TooLarge: it has too many bytes.
        ImageContent: its format or bit depth is not taken.
        ImageResolution: a side or the ratio of its sides is out of bounds.
    """
    if size > limits.max_bytes:
        raise TooLarge(f"The image file has {size} bytes; at most {limits.max_bytes} bytes are allowed.")
    if header.format not in limits.formats:
        raise ImageContent(f"The image is a {header.format}; allowed are {', '.join(limits.formats)}.")
    if header.png_depth is not None and limits.png_depths and header.png_depth not in limits.png_depths:
        allowed = " or ".join(str(depth) for depth in limits.png_depths)
        raise ImageContent(f"The PNG has {header.png_depth} bits per pixel; allowed are {allowed}.")
    size_text = f"The image has {header.width}x{header.height} pixels"
    if limits.max_side is not None and max(header.width, header.height) >= limits.max_side:
        raise ImageResolution(f"{size_text}; both sides must be smaller than {limits.max_side}.")
    if limits.min_side is not None and min(header.width, header.height) <= limits.min_side:
        raise ImageResolution(f"{size_text}; both sides must be larger than {limits.min_side}.")
    if limits.aspect_ratio is not None:
        low, high = limits.aspect_ratio
        if not low <= header.width / header.height <= high:
            raise ImageResolution(f"{size_text}; width divided by height must be between {low} and {high}.")
