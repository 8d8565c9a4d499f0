"""Upload policies in the OSS form: what may be posted, until when, signed by this server."""

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Self

from koutu.server.uploads.errors import AccessDenied, InvalidAccessKeyId, InvalidArgument, SignatureDoesNotMatch

SIGNER = "koutu-uploads"


@dataclass(frozen=True, slots=True)
class Policy:
    """Leave to post one object.

    Attributes:
        key: the object's key.
        max_bytes: the most bytes that it may have, inclusive.
        expires: until when, in seconds since the epoch.
    """

    key: str
    max_bytes: int
    expires: int

    def encode(self) -> str:
        """Base64 of the policy document."""
        document = {
            "expiration": datetime.fromtimestamp(self.expires, UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z"),
            "conditions": [["eq", "$key", self.key], ["content-length-range", 0, self.max_bytes]],
        }
        return base64.b64encode(json.dumps(document, separators=(",", ":")).encode()).decode()

    @classmethod
    def decode(cls, text: str) -> Self:
        """Read back what `encode` wrote; its signature has been checked, so it is well-formed."""
        document = json.loads(base64.b64decode(text))
        (_, _, key), (_, _, max_bytes) = document["conditions"]
        return cls(key, max_bytes, int(datetime.fromisoformat(document["expiration"]).timestamp()))


def sign(secret: bytes, encoded: str) -> str:
    """Base64 of the HMAC-SHA1 of the encoded policy, as OSS signs posts."""
    return base64.b64encode(hmac.new(secret, encoded.encode(), hashlib.sha1).digest()).decode()


def check(secret: bytes, fields: Mapping[str, str], now: float) -> Policy:
    """The policy that a form was posted under.

    Raises:
        InvalidArgument: a field is absent.
        InvalidAccessKeyId, SignatureDoesNotMatch: this server did not sign the policy.
        AccessDenied: it has expired, or is for another key.
    """
    for name in ("OSSAccessKeyId", "policy", "Signature", "key"):
        if not fields.get(name):
            raise InvalidArgument(f"The form lacks the field {name}, which has to stand before the file.")
    if fields["OSSAccessKeyId"] != SIGNER:
        raise InvalidAccessKeyId("The OSS Access Key Id you provided does not exist in our records.")
    if not hmac.compare_digest(sign(secret, fields["policy"]).encode(), fields["Signature"].encode()):
        raise SignatureDoesNotMatch("The signature of the policy does not match it.")
    policy = Policy.decode(fields["policy"])
    if now > policy.expires:
        raise AccessDenied("Invalid according to Policy: Policy expired.")
    if fields["key"] != policy.key:
        raise AccessDenied('Invalid according to Policy: Policy Condition failed: ["eq", "$key", ...]')
    return policy
