"""Policies of AssumeRole, as far as they speak of this API's actions."""

import json
from fnmatch import fnmatchcase
from typing import Any

from koutu.errors import InvalidParameter
from koutu.server.accounts.permission import GRANTED, Permission

_LONGEST = 2048
_PREFIXES = ("viapi-imageseg:", "imageseg:")


def permission_of(policy: str) -> Permission:
    """The actions that a policy allows and does not deny.

    An example: `{"Version": "1", "Statement": [{"Effect": "Allow", "Action": ["imageseg:SegmentBody"], "Resource": "*"}]}`.

    Raises:
        InvalidParameter: it is no policy, it names another resource than "*", or it has conditions.
    """
    if len(policy) > _LONGEST:
        raise InvalidParameter(f"Policy has at most {_LONGEST} characters.")
    try:
        document = json.loads(policy)
    except (ValueError, RecursionError):
        raise InvalidParameter("Policy is a JSON document.") from None
    statements = _listed(document.get("Statement")) if isinstance(document, dict) else []
    if not statements or not all(isinstance(statement, dict) for statement in statements):
        raise InvalidParameter("Policy has a list of statements under Statement.")
    named: dict[str, set[str]] = {"Allow": set(), "Deny": set()}
    for statement in statements:
        effect, patterns = _read(statement)
        named[effect] |= {action for action in GRANTED for pattern in patterns if _matches(action, pattern)}
    return Permission.of(named["Allow"] - named["Deny"])


def _read(statement: dict[str, Any]) -> tuple[str, list[str]]:
    effect, patterns = statement.get("Effect"), _listed(statement.get("Action"))
    if effect not in ("Allow", "Deny"):
        raise InvalidParameter("A statement's Effect is Allow or Deny.")
    if not patterns or not all(isinstance(pattern, str) for pattern in patterns):
        raise InvalidParameter("A statement names its actions under Action.")
    # What is not understood must not be read as less than it says.
    if _listed(statement.get("Resource", "*")) != ["*"] or not statement.keys() <= {"Effect", "Action", "Resource"}:
        raise InvalidParameter('A statement has Effect, Action and Resource, and Resource is "*".')
    return effect, patterns


def _matches(action: str, pattern: str) -> bool:
    for prefix in _PREFIXES:
        pattern = pattern.removeprefix(prefix)
    return fnmatchcase(action, pattern.replace("[", "[[]"))


def _listed(value: Any) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]
