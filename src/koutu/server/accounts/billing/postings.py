"""Why money moved beside calls."""

from enum import StrEnum


class PostingKind(StrEnum):
    """Why a posting moved the balance."""

    PAYMENT = "payment"
    REFUND = "refund"
    VOID = "void"
    PACKAGE = "package"
    PACKAGE_REFUND = "package_refund"
    PLAN = "plan"


MONEY = (PostingKind.PAYMENT, PostingKind.REFUND, PostingKind.VOID)
"""Kinds that came from or went to the account's owner; the others are for what was bought."""
