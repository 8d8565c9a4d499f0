"""The card of a user's own network: what it takes, what it gives, and its licence."""

import tomllib
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from koutu.errors import ModelFault

Three = tuple[float, float, float]


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Input(_Table):
    """How a photo becomes the network's input."""

    name: str
    size: tuple[Annotated[int, Field(ge=16, le=4096)], Annotated[int, Field(ge=16, le=4096)]]
    layout: Literal["nchw", "nhwc"] = "nchw"
    channels: Literal["rgb", "bgr"] = "rgb"
    most: float = Field(default=1.0, gt=0, description="What white is before mean and deviation apply.")
    mean: Three = (0.0, 0.0, 0.0)
    deviation: Three = (1.0, 1.0, 1.0)


class Output(_Table):
    """What the network's outputs mean."""

    name: str = ""
    activation: Literal["none", "sigmoid", "softmax"] = "none"
    classes: tuple[str, ...] = ()
    scores: str = ""
    labels: str = ""
    corners: Literal["xyxy", "yxyx"] = "xyxy"
    unit: Literal["share", "pixel"] = "share"
    categories: Literal["coco91", "coco80"] = "coco91"


class Hub(_Table):
    """Where on a hub the file is."""

    repository: str = Field(pattern=r"^[\w.-]+/[\w.-]+$")
    file: str
    revision: str = "main"


class Card(_Table):
    """A card; see docs/slots.md for every key."""

    licence: str
    input: Input
    output: Output = Output()
    permissive: bool = False
    file: str = ""
    hub: Hub | None = None
    sha256: str = Field(default="", pattern=r"^([0-9a-f]{64})?$")
    folder: Path = Field(default=Path(), exclude=True)
    slot: str = Field(default="", exclude=True)

    @model_validator(mode="after")
    def _one_source(self) -> Self:
        if bool(self.file) == (self.hub is not None):
            raise ValueError("a card names either a file or a [hub] table")
        return self


def read_card(path: Path) -> Card:
    """Read a card; its slot is its file's name.

    Raises:
        ModelFault: the card is no sound TOML, or a key is missing, unknown or out of range; the message names it.
    """
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
        return Card(**table, folder=path.parent, slot=path.stem)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, TypeError) as error:
        raise ModelFault(f"The card {path} cannot be read: {error}.") from error
    except ValidationError as error:
        faults = "; ".join(f"{'.'.join(map(str, e['loc'])) or 'card'}: {e['msg']}" for e in error.errors())
        raise ModelFault(f"The card {path} is wrong: {faults}.") from error
