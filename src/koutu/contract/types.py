"""The typed view of the contract's tables."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal


class Form(StrEnum):
    """What a result picture looks like."""

    RGBA = "rgba"
    MASK = "mask"
    CROP = "crop"
    WHITE = "white"
    LABELS = "labels"
    RGB = "rgb"


@dataclass(frozen=True, slots=True)
class Limits:
    """What an action accepts; `max_bytes` is inclusive, the sides are exclusive bounds in pixels, the ratio is inclusive."""

    formats: tuple[str, ...]
    max_bytes: int
    max_side: int | None = None
    min_side: int | None = None
    png_depths: tuple[int, ...] = ()
    aspect_ratio: tuple[float, float] | None = None
    download_timeout_s: float | None = None


@dataclass(frozen=True, slots=True)
class Parameter:
    """One request parameter; a list parameter comes on the wire as `Name.1`, `Name.2`, ..."""

    name: str
    kind: Literal["image", "boolean", "integer", "string", "choice"]
    required: bool = False
    list: bool = False
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ResultShape:
    """How a result stands under `Data`: one URL under `url`, or `Elements` whose entries have `fields`.

    An entry also has those of `fields_with` whose parameter was given.
    """

    shape: Literal["image", "elements", "job"]
    url: str = ""
    fields: tuple[str, ...] = ()
    fields_with: Mapping[str, str] = field(default_factory=dict)
    origin: bool = False

    @property
    def placed(self) -> bool:
        """Whether elements are cut to their box and carry X, Y, Width and Height."""
        return "X" in self.fields


@dataclass(frozen=True, slots=True)
class Action:
    """One action of the API."""

    name: str
    function: str
    family: str
    purpose: str
    params: Mapping[str, Parameter]
    result: ResultShape
    forms: Mapping[str, Form] = field(default_factory=lambda: {"": Form.RGBA})
    limits: Limits | None = None
    asynchronous: Literal["never", "on request", "always"] = "never"
    billed: bool = False
    classes: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    parts_when_visible: tuple[str, ...] = ()
    precondition: str = ""
    notes: str = ""

    @property
    def images(self) -> tuple[Parameter, ...]:
        """The parameters that name an input image, in the contract's order."""
        return tuple(p for p in self.params.values() if p.kind == "image")

    def form(self, return_form: str | None) -> Form:
        """The form that a wire value of ReturnForm stands for; what the contract does not name means the default form."""
        return self.forms.get(return_form or "", self.forms[""])


@dataclass(frozen=True, slots=True)
class ErrorEntry:
    """One row of the error table: `when` it is answered, and the `cure` for whoever gets it."""

    code: str
    status: int
    when: str
    cure: str
