"""The bucket's own errors; a class is its wire code and its HTTP status.

BucketError
├── AccessDenied, InvalidAccessKeyId, SignatureDoesNotMatch    403
├── InvalidArgument, MalformedPOSTRequest, EntityTooLarge      400
└── RequestTimeout                                             400
"""

from typing import ClassVar


class BucketError(Exception):
    """An upload that is not taken; `message` says why."""

    status: ClassVar[int] = 400

    def __init__(self, message: str) -> None:
        self.message = message
        super().__init__(message)

    @property
    def code(self) -> str:
        """The wire code."""
        return type(self).__name__


class AccessDenied(BucketError):
    """The policy does not allow it."""

    status = 403


class InvalidAccessKeyId(BucketError):
    """The policy is not from here."""

    status = 403


class SignatureDoesNotMatch(BucketError):
    """The policy was changed."""

    status = 403


class InvalidArgument(BucketError):
    """A field is absent or wrong."""


class MalformedPOSTRequest(BucketError):
    """The body is no form with a file."""


class EntityTooLarge(BucketError):
    """The file has more bytes than the policy allows."""


class RequestTimeout(BucketError):
    """The body did not come in time."""
