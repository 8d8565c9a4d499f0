"""One call as it came, taken apart and not yet believed."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RpcRequest:
    """A parsed request.

    Attributes:
        request_id: upper-case UUID that every response to it carries.
        method: GET or POST.
        host: the Host header as it came.
        base: scheme and host that the caller reaches this server by, without a slash at the end.
        headers: lower-case name -> value, as it came.
        query: decoded parameters of the URL, blank ones too.
        form: decoded parameters of the body, form or JSON.
        body: the raw body.
    """

    request_id: str
    method: str
    host: str
    base: str
    headers: Mapping[str, str]
    query: Mapping[str, str]
    form: Mapping[str, str]
    body: bytes

    @property
    def params(self) -> dict[str, str]:
        """Query and body together; the parser has seen to it that they do not contradict each other."""
        return {**self.query, **self.form}

    @property
    def action(self) -> str:
        """The action asked for; newer clients name it in a header alone."""
        return self._named("x-acs-action", "Action")

    @property
    def version(self) -> str:
        """The API version asked for."""
        return self._named("x-acs-version", "Version")

    @property
    def wants_xml(self) -> bool:
        """Whether the answer is to be XML; anything else that Format says means JSON."""
        return wants_xml(self.params)

    def _named(self, header: str, parameter: str) -> str:
        params = self.params
        # RPC signatures cover no headers, so there a header could be changed on the way.
        return params.get(parameter) or ("" if "Signature" in params else self.headers.get(header, ""))


def wants_xml(params: Mapping[str, str]) -> bool:
    """Whether these parameters ask for XML."""
    return params.get("Format", "").strip().lower() == "xml"
