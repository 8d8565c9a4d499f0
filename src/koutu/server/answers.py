"""What a finished call says under `Data`, shaped as the contract spells it."""

from collections.abc import Callable, Collection, Mapping
from typing import Any

from koutu.contract import Action
from koutu.server.production import Picture, Product


def data(
    action: Action,
    product: Product,
    urls: Mapping[str, str],
    link: Callable[[str], str],
    given: Collection[str] = (),
) -> dict[str, Any]:
    """The `Data` of a call.

    Args:
        action: what was called.
        product: what came of it.
        urls: image parameter -> the URL that the caller gave.
        link: makes a link to a stored object's key.
        given: the parameters that the caller gave.
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
        "ClassUrl": lambda picture: {picture.name: link(picture.key)} if picture.name else {},
    }
    further = [name for name, parameter in action.result.fields_with.items() if parameter in given]
    wanted = [*action.result.fields, *further]
    answer: dict[str, Any] = {"Elements": [{name: fields[name](picture) for name in wanted} for picture in product.pictures]}
    if action.result.origin:
        answer["OriginImageURL"] = origin
    return answer
