"""AssumeRole of STS 2015-04-01: a key is exchanged for a temporary one, by the cloud's own SDKs.

There are no roles here: a role's ARN has to have the form, its last part becomes part of the answer, and what the key may
call is its parent's permission, narrowed by the policy.
"""

import re
from collections.abc import Mapping
from datetime import UTC
from typing import Any

import anyio.to_thread

from koutu.errors import InvalidParameter, MissingParameter, Unauthorized
from koutu.server.accounts.permission import Permission
from koutu.server.accounts.temporary import DEFAULT_S, NewTemporaryKey, TemporaryKeys
from koutu.server.rpc.admission import Caller
from koutu.server.rpc.policy import permission_of
from koutu.server.rpc.request import RpcRequest

_ARN = re.compile(r"acs:ram::[^:/]{1,100}:role/([A-Za-z0-9._-]{1,64})")


class AssumeRole:
    """Answers AssumeRole."""

    def __init__(self, temporary: TemporaryKeys) -> None:
        self._temporary = temporary

    async def __call__(self, request: RpcRequest, caller: Caller) -> Mapping[str, Any]:
        """Issue a temporary key.

        Raises:
            Unauthorized: the caller's key is a temporary one itself.
            MissingParameter, InvalidParameter: what was wrong with the parameters.
        """
        if caller.temporary:
            raise Unauthorized("A temporary key cannot be exchanged for another one.")
        params = request.params
        arn = _ARN.fullmatch(_required(params, "RoleArn"))
        if arn is None:
            raise InvalidParameter("RoleArn has the form acs:ram::<account>:role/<name>.")
        session = _required(params, "RoleSessionName")
        policy = params.get("Policy", "")
        permission = permission_of(policy) if policy else None
        seconds = _seconds(params.get("DurationSeconds", ""))
        key = await anyio.to_thread.run_sync(lambda: self._issue(caller, session, seconds, permission))
        return {
            "AssumedRoleUser": {
                "Arn": f"acs:ram::{caller.account_id}:role/{arn[1]}/{session}",
                "AssumedRoleId": f"{caller.account_id}:{session}",
            },
            "Credentials": {
                "AccessKeyId": key.access_key_id,
                "AccessKeySecret": key.access_key_secret,
                "SecurityToken": key.security_token,
                "Expiration": key.expires_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            },
        }

    def _issue(self, caller: Caller, session: str, seconds: int, permission: Permission | None) -> NewTemporaryKey:
        return self._temporary.issue(caller.access_key_id, session=session, seconds=seconds, permission=permission)


def _required(params: Mapping[str, str], name: str) -> str:
    value = params.get(name, "")
    if not value:
        raise MissingParameter(f"{name} is required and is absent or empty.")
    return value


def _seconds(text: str) -> int:
    if not text:
        return DEFAULT_S
    if not (text.isascii() and text.isdigit() and len(text) < 8):
        raise InvalidParameter(f"DurationSeconds is a number of seconds, not {text[:40]!r}.")
    return int(text)
