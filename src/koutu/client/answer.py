"""From an answer's Data to a Result: its pictures are fetched and read."""

import io
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from koutu.actions.outcome import Element, Outcome
from koutu.contract import Action, Form
from koutu.errors import InternalError
from koutu.images.decode import decode
from koutu.images.picture import Picture
from koutu.results import Result

Bytes = NDArray[np.uint8]
Download = Callable[[str], bytes]


def read_answer(
    action: Action, data: Mapping[str, Any], form: Form, download: Download, photo: Callable[[], Picture]
) -> Result:
    """The result of a call.

    Args:
        action: what was called, with its default return form.
        data: the answer's `Data`.
        form: the return form of the result's pictures.
        download: fetches a URL.
        photo: gives the decoded photo; called where the answer does not tell its size or colours.

    Raises:
        ImageDownload, ImageContent: a picture is not there or broken.
        InternalError: the answer has another shape than the contract says.
    """
    try:
        if action.result.shape == "elements":
            return _elements(action, data["Elements"] or [], form, download, photo)
        file = download(data[action.result.url])
    except (KeyError, TypeError) as error:
        raise InternalError(f"The answer of {action.name} lacks {error}.") from error
    sent = action.form(None)
    if sent is Form.LABELS:
        with Image.open(io.BytesIO(file)) as image:
            labels = np.array(image, np.uint8)
        return Result(labels.shape[:2], Outcome(labels=labels), [], form, action.classes)
    if sent is Form.RGB:
        picture = decode(file).rgb
        return Result(picture.shape[:2], Outcome(picture=picture), [], form)
    alpha, rgb = _read(file, sent, photo)
    return Result(alpha.shape[:2], Outcome((Element(alpha),)), [rgb], form)


def _elements(
    action: Action, entries: list[Mapping[str, Any]], form: Form, download: Download, photo: Callable[[], Picture]
) -> Result:
    elements, colours = [], []
    for entry in entries:
        alpha, rgb = _read(download(entry[action.result.url]), action.form(None), photo)
        elements.append(Element(alpha, int(entry.get("X", 0)), int(entry.get("Y", 0)), _name(entry)))
        colours.append(rgb)
    if action.result.placed or not elements:
        picture = photo()
        size = picture.height, picture.width
    else:
        size = elements[0].height, elements[0].width
    return Result(size, Outcome(tuple(elements)), colours, form)


def _name(entry: Mapping[str, Any]) -> str:
    classes = entry.get("ClassUrl") or {}
    return str(entry.get("Name") or next(iter(classes), ""))


def _read(file: bytes, sent: Form, photo: Callable[[], Picture]) -> tuple[Bytes, Bytes]:
    """Alpha and foreground colours of a picture that was sent as RGBA or as a mask."""
    picture = decode(file)
    if sent is Form.MASK:
        return picture.mask(), photo().rgb
    alpha = np.full(picture.rgb.shape[:2], 255, np.uint8) if picture.alpha is None else picture.alpha
    return alpha, picture.rgb
