"""What cuts: this machine, or a server behind --endpoint."""

import errno
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console

from koutu.contract import Action, Form
from koutu.errors import (
    AccessError,
    EnvironmentFault,
    ModelFault,
    ServiceUnavailable,
    Throttling,
    UnsupportedOperation,
)
from koutu.functions import Functions

if TYPE_CHECKING:
    from koutu.images.photo import Photo

_NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EROFS)


@dataclass(frozen=True, slots=True)
class Job:
    """What is done to every photo.

    Attributes:
        action: of the contract.
        form: of the result; None = the action's own.
        background: a colour or a picture's path; None = none.
        second: the mask or the reference photo of actions that take one.
        suffix: of the results, with its dot.
        functions: `koutu` itself or a client.
        install: whether a missing model is fetched.
    """

    action: Action
    form: Form | None
    background: str | None
    second: Path | None
    suffix: str
    functions: Functions
    install: bool

    @property
    def settings(self) -> str:
        """What makes two results of one photo differ."""
        parts = ["koutu cut", self.action.function, f"form={self.form or 'own'}"]
        parts += [f"background={self.background}"] if self.background else []
        parts += [f"with={self.second}"] if self.second else []
        return " ".join(parts)

    def cut(self, photo: "Photo", console: Console) -> bytes:
        """The result as a file.

        Raises:
            KoutuError, OSError: it cannot be had; see `ends_the_run`.
        """
        photos = (photo,) if self.second is None else (photo, self.second)
        function = getattr(self.functions, self.action.function)
        if self.install:
            from koutu.cli.installing import with_models

            result = with_models(lambda: function(*photos), console)
        else:
            result = function(*photos)
        if self.form is not None and (result.cuts or self.form is not self.action.form(None)):
            result = result.as_form(self.form)
        data: bytes = result.file(self.suffix, self.background)
        return data


def ends_the_run(error: Exception) -> bool:
    """Whether an error would come back with every other photo: no model, no server, no leave, no room on the disk."""
    if isinstance(error, AccessError):
        return not isinstance(error, Throttling)
    if isinstance(error, OSError):
        return error.errno in _NO_ROOM
    return isinstance(error, ModelFault | EnvironmentFault | ServiceUnavailable | UnsupportedOperation)
