"""A call as code is written of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from koutu.contract import Action

KEY_ID = "ALIBABA_CLOUD_ACCESS_KEY_ID"
KEY_SECRET = "ALIBABA_CLOUD_ACCESS_KEY_SECRET"  # noqa: S105 - the variable's name
# The only parameter beside images that every release of the official clients has a name for, and not for this action.
_TYPED = "ReturnForm"
_UNTYPED_ACTION = "SegmentCloth"


@dataclass(frozen=True, slots=True)
class Input:
    """One image of a call: the visitor's file, or a sample of the server's; `url` leads to it either way."""

    parameter: str
    file: str
    url: str
    sample: bool

    @property
    def name(self) -> str:
        """A file name that is safe to write into code."""
        name = "".join(c if c.isalnum() or c in "._- ()" else "_" for c in PurePosixPath(self.file.replace("\\", "/")).name)
        return name.lstrip("-.") or "photo.jpg"


@dataclass(frozen=True, slots=True)
class Call:
    """A call.

    Attributes:
        action: what was called.
        base: scheme and host of the server.
        images: in the contract's order.
        params: the other parameters, as on the wire: Name, or Name.1, Name.2, ...
    """

    action: Action
    base: str
    images: tuple[Input, ...]
    params: Mapping[str, str]

    @property
    def scheme(self) -> str:
        """Http or https."""
        return self.base.partition("://")[0]

    @property
    def endpoint(self) -> str:
        """The host, with its port."""
        return self.base.partition("://")[2]

    @property
    def wire(self) -> dict[str, str]:
        """Every parameter on the wire."""
        return {image.parameter: image.url for image in self.images} | dict(self.params)

    @property
    def typed(self) -> bool:
        """Whether every release of the official clients has names for all of these parameters."""
        return set(self.params) <= {_TYPED} and not (self.params and self.action.name == _UNTYPED_ACTION)

    @property
    def uploads(self) -> bool:
        """Whether the code can begin with the visitor's own files."""
        return self.typed and not any(image.sample for image in self.images)

    @property
    def is_job(self) -> bool:
        """Whether the answer is a job's number."""
        return self.action.asynchronous == "always" or self.params.get("Async", "").lower() == "true"
