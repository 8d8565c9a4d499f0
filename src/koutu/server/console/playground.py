"""What the playground knows of an action: its form, made from the contract, and the sample photos that suit it."""

from typing import Any

from koutu.contract import ACTIONS, Action, Form
from koutu.contract.wording import Language, wording
from koutu.images.labels import palette
from koutu.settings import Settings

_ASTRONAUT, _CAT, _COFFEE = "skimage_astronaut.png", "skimage_chelsea.png", "skimage_coffee.png"
_MOTORCYCLE, _ROCKET, _FLOWER = "skimage_motorcycle_left.png", "skimage_rocket.jpg", "sklearn_flower.jpg"
_PAGODA, _LOGO, _HOPPER = "sklearn_china.jpg", "skimage_logo.png", "matplotlib_grace_hopper.jpg"
_PEOPLE = (_ASTRONAUT, _HOPPER)
_OUTDOORS = (_PAGODA, _ROCKET)
SAMPLES: dict[str, tuple[str, ...]] = {
    "SegmentAnimal": (_CAT,),
    "SegmentCommodity": (_COFFEE, _MOTORCYCLE),
    "SegmentCommonImage": (_CAT, _FLOWER, _ASTRONAUT, _COFFEE, _MOTORCYCLE),
    "SegmentFood": (_COFFEE,),
    "SegmentFurniture": (_COFFEE,),
    "SegmentHDCommonImage": (_CAT, _FLOWER, _ASTRONAUT),
    "SegmentHDSky": _OUTDOORS,
    "SegmentLogo": (_LOGO,),
    "SegmentScene": _OUTDOORS,
    "SegmentSky": _OUTDOORS,
    "SegmentVehicle": (_MOTORCYCLE,),
    "RefineMask": (_ASTRONAUT, _CAT),
    "ChangeSky": (_PAGODA, _ROCKET),
}
# What the playground starts with: the order of its list, by how many people look for it.
FAMILIES = ("general", "portrait", "commodity", "replace")
CALLABLE = {name: action for name, action in ACTIONS.items() if action.images}


def samples(action: Action) -> tuple[str, ...]:
    """File names of sample photos that show the action its subject."""
    return SAMPLES.get(action.name, _PEOPLE)


def families() -> dict[str, list[Action]]:
    """The actions that take a photo, by family."""
    return {family: [action for action in CALLABLE.values() if action.family == family] for family in FAMILIES}


def describe(action: Action, language: Language, settings: Settings) -> dict[str, Any]:
    """An action as the playground's script reads it."""
    words = wording(language)
    limits = action.limits if settings.limits == "documented" else None
    colours = palette(len(action.classes)).tolist() if action.form(None) is Form.LABELS else []
    return {
        "action": action.name,
        "images": [parameter.name for parameter in action.images],
        "forms": {wire: form.value for wire, form in action.forms.items()},
        "shape": action.result.shape,
        "url": action.result.url,
        "placed": action.result.placed,
        "asynchronous": action.asynchronous,
        "classes": [
            {"name": name, "label": words.names.get(name, name), "colour": colour}
            for name, colour in zip(action.classes, colours, strict=bool(colours))
        ],
        "names": words.names,
        "limits": None
        if limits is None
        else {
            "bytes": limits.max_bytes,
            "longest": limits.max_side - 1 if limits.max_side else None,
            "formats": [f"image/{name.lower()}" for name in limits.formats],
        },
    }
