"""What a finished call says under `Data`, shaped as the contract spells it."""

from collections.abc import Callable, Mapping
from typing import Any

from koutu.contract import Action
from koutu.server.production import Picture, Product


def data(action: Action, product: Product, urls: Mapping[str, str], link: Callable[[str], str]) -> dict[str, Any]:
    """The `Data` of a call.

    Args:
        action: what was called.
        product: what came of it.
        urls: image parameter -> the URL that the caller gave.
        link: makes a link to a stored object's key.
    """
    origin = urls.get(action.images[0].name, "")
    if action.result.shape == "image":
        return {action.result.url: link(product.pictures[0].key)}
    fields: dict[str, Callable[[Picture], Any]] = {
        action.result.url: lambda picture: link(picture.key),
        "X": lambda picture: picture.x,
        "Y": lambda picture: picture.y,
        "Width": lambda picture: picture.width,
        "Height": lambda picture: picture.height,
        "Name": lambda picture: picture.name,
        "OriginImageURL": lambda picture: origin,
    }
    answer: dict[str, Any] = {
        "Elements": [{name: fields[name](picture) for name in action.result.fields} for picture in product.pictures]
    }
    if action.result.origin:
        answer["OriginImageURL"] = origin
    return answer
