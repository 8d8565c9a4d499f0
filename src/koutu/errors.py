"""Every error that Koutu answers with; a class is its wire code, and the contract's table gives its HTTP status.

KoutuError
├── ImageError                 the input picture
│   ├── ImageContent           InvalidImage.Content
│   ├── ImageDownload          InvalidImage.Download
│   ├── ImageRegion            InvalidImage.Region
│   ├── ImageResolution        InvalidImage.Resolution
│   ├── ImageUnsafe            InvalidImage.Unsafe
│   ├── ImageURL               InvalidImage.URL
│   ├── IllegalURL             IllegalUrlParameter
│   ├── MissingImageURL        MissingImageURL
│   ├── TooLarge               InvalidParameter.TooLarge
│   └── Unsuitable             InvalidParameter.Unsuitable
├── RequestError               the call around it
│   ├── MissingParameter, InvalidParameter, ParameterError
│   ├── Convert                InvalidParameter.Convert
│   ├── Transfer               InvalidParameter.Transfer
│   ├── UnsupportedOperation, InvalidVersion
│   ├── OutOfService           InvalidApi.OutOfService
│   └── ActionNotFound         InvalidAction.NotFound
├── AccessError                the caller
│   ├── AccessKeyNotFound      InvalidAccessKeyId.NotFound
│   ├── AccessKeyInactive      InvalidAccessKeyId.Inactive
│   ├── SignatureDoesNotMatch, IncompleteSignature, SignatureNonceUsed
│   ├── TimestampExpired       InvalidTimeStamp.Expired
│   ├── SecurityTokenExpired   InvalidSecurityToken.Expired
│   ├── SecurityTokenMismatch  InvalidSecurityToken.MismatchWithAccessKey
│   ├── SecurityTokenMissing   MissingSecurityToken
│   ├── NotPurchased           InvalidApi.NotPurchase
│   ├── Unauthorized
│   └── Throttling             Throttling.User
└── ServerFault                this side
    ├── InternalError, Timeout, ServiceUnavailable
    ├── EnvironmentFault       InternalError.Env
    ├── ModelFault             InternalError.Model
    │   └── ModelMissing       InternalError.Model
    └── AlgorithmFault         InternalError.Algo
"""

import math
from collections.abc import Iterator
from typing import ClassVar

from koutu.contract import ERRORS


class KoutuError(Exception):
    """An error with a wire code; `message` says what was wrong and what is allowed, and never holds a secret."""

    code: ClassVar[str] = "InternalError"

    def __init__(self, message: str = "", *, retry_after_s: float | None = None) -> None:
        self.message = message or ERRORS[self.code].when
        self.retry_after = None if retry_after_s is None else max(1, math.ceil(retry_after_s))
        if self.retry_after is not None:
            self.message += f" Try again in {self.retry_after} second{'s' if self.retry_after > 1 else ''}."
        super().__init__(self.message)

    @property
    def status(self) -> int:
        """The HTTP status of this code."""
        return ERRORS[self.code].status


class ImageError(KoutuError):
    """The input picture cannot be used."""


class ImageContent(ImageError):
    """The bytes are not an acceptable picture."""

    code = "InvalidImage.Content"


class ImageDownload(ImageError):
    """The picture could not be downloaded."""

    code = "InvalidImage.Download"


class ImageRegion(ImageError):
    """The file lies in a region that is not served."""

    code = "InvalidImage.Region"


class ImageResolution(ImageError):
    """Width, height or their ratio is outside the limits."""

    code = "InvalidImage.Resolution"


class ImageUnsafe(ImageError):
    """The URL points to an address that is not to be reached."""

    code = "InvalidImage.Unsafe"


class ImageURL(ImageError):
    """The URL cannot be used."""

    code = "InvalidImage.URL"


class IllegalURL(ImageError):
    """The URL holds characters that a URL may not hold."""

    code = "IllegalUrlParameter"


class MissingImageURL(ImageError):
    """The picture's URL is absent."""

    code = "MissingImageURL"


class TooLarge(ImageError):
    """The file has more bytes than the action takes."""

    code = "InvalidParameter.TooLarge"


class Unsuitable(ImageError):
    """The picture is sound but holds nothing that the action could answer with."""

    code = "InvalidParameter.Unsuitable"


class RequestError(KoutuError):
    """The call's parameters cannot be used."""


class MissingParameter(RequestError):
    """A required parameter is absent."""

    code = "MissingParameter"


class InvalidParameter(RequestError):
    """A parameter's value is wrong."""

    code = "InvalidParameter"


class ParameterError(RequestError):
    """A parameter failed a check."""

    code = "ParameterError"


class Convert(RequestError):
    """A parameter could not be converted to its type."""

    code = "InvalidParameter.Convert"


class Transfer(RequestError):
    """Data could not be uploaded or handed on."""

    code = "InvalidParameter.Transfer"


class UnsupportedOperation(RequestError):
    """The version has no such action."""

    code = "UnsupportedOperation"


class InvalidVersion(RequestError):
    """The API version is not served."""

    code = "InvalidVersion"


class OutOfService(RequestError):
    """The action is known and not served by this installation."""

    code = "InvalidApi.OutOfService"


class ActionNotFound(RequestError):
    """There is no such action."""

    code = "InvalidAction.NotFound"


class AccessError(KoutuError):
    """The caller is not who they say, or may not do this now."""


class AccessKeyNotFound(AccessError):
    """There is no such access key."""

    code = "InvalidAccessKeyId.NotFound"


class AccessKeyInactive(AccessError):
    """The access key is disabled or has expired."""

    code = "InvalidAccessKeyId.Inactive"


class SignatureDoesNotMatch(AccessError):
    """The signature is wrong."""

    code = "SignatureDoesNotMatch"


class IncompleteSignature(AccessError):
    """A part of the signature is absent."""

    code = "IncompleteSignature"


class SignatureNonceUsed(AccessError):
    """The nonce came before."""

    code = "SignatureNonceUsed"


class TimestampExpired(AccessError):
    """The timestamp is too far from the server's clock."""

    code = "InvalidTimeStamp.Expired"


class SecurityTokenExpired(AccessError):
    """The temporary key has expired or was revoked."""

    code = "InvalidSecurityToken.Expired"


class SecurityTokenMismatch(AccessError):
    """The security token is not the one of this key."""

    code = "InvalidSecurityToken.MismatchWithAccessKey"


class SecurityTokenMissing(AccessError):
    """A temporary key came without its security token."""

    code = "MissingSecurityToken"


class NotPurchased(AccessError):
    """The action is not activated for the account."""

    code = "InvalidApi.NotPurchase"


class Unauthorized(AccessError):
    """The key lacks permission for the action."""

    code = "Unauthorized"


class Throttling(AccessError):
    """The account's calls per second are used up.

    Args:
        message: what is used up.
        retry_after_s: when to call again, in seconds from now.
    """

    code = "Throttling.User"

    def __init__(self, message: str = "", *, retry_after_s: float | None = None) -> None:
        super().__init__(message, retry_after_s=retry_after_s)
        self.retry_after_ms = 0 if retry_after_s is None else max(1, math.ceil(retry_after_s * 1000))


class ServerFault(KoutuError):
    """Something failed on this side."""


class InternalError(ServerFault):
    """The service failed."""

    code = "InternalError"


class Timeout(ServerFault):
    """The call took too long."""

    code = "Timeout"


class ServiceUnavailable(ServerFault):
    """The server is too busy or is stopping."""

    code = "ServiceUnavailable"


class EnvironmentFault(ServerFault):
    """The environment could not be initialised."""

    code = "InternalError.Env"


class ModelFault(ServerFault):
    """A model is missing or could not be loaded."""

    code = "InternalError.Model"


class ModelMissing(ModelFault):
    """A model of the catalog is not installed; `model` is its name."""

    def __init__(self, model: str) -> None:
        super().__init__(f"The model {model} is not installed: run koutu models install {model}.")
        self.model = model


class AlgorithmFault(ServerFault):
    """A method failed on this picture."""

    code = "InternalError.Algo"


def from_wire(code: str, message: str) -> KoutuError:
    """The error that a server answered with, by its wire code; a code that is not in the table stands in the message."""
    for kind in _descendants(KoutuError):
        if kind.__dict__.get("code") == code:
            return kind(message)
    return RequestError(f"{code}: {message}")


def _descendants(kind: type[KoutuError]) -> Iterator[type[KoutuError]]:
    for child in kind.__subclasses__():
        yield child
        yield from _descendants(child)
