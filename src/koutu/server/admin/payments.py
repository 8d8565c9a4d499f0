"""Routes of payments and balances."""

from fastapi import APIRouter

from koutu.server.accounts.billing.balance import BalanceInfo
from koutu.server.accounts.billing.payments import PaymentInfo
from koutu.server.admin.access import Office
from koutu.server.admin.billing_models import Balance, Credit, Note, Payment, PaymentOrder, Refund

router = APIRouter(tags=["payments"])


@router.get("/payments", response_model=list[Payment])
def list_payments(office: Office, account: str | None = None) -> list[PaymentInfo]:
    """List the payments, or one account's, oldest first."""
    return office.payments.all(account)


@router.post("/payments", response_model=Payment, status_code=201)
def record_payment(office: Office, order: PaymentOrder) -> PaymentInfo:
    """Write down that an account paid; arrears that it settles are over at once."""
    return office.payments.record(order.account, order.amount, reference=order.reference, note=order.note)


@router.post("/payments/{payment_id}/refund", response_model=Payment)
def refund_payment(office: Office, payment_id: int, order: Refund) -> PaymentInfo:
    """Write down that a payment was paid back, in part or in whole."""
    return office.payments.refund(payment_id, order.amount, note=order.note)


@router.post("/payments/{payment_id}/void", response_model=Payment)
def void_payment(office: Office, payment_id: int, order: Note) -> PaymentInfo:
    """Take back a payment that never came or was recorded by mistake."""
    return office.payments.void(payment_id, note=order.note)


@router.get("/accounts/{name}/balance", response_model=Balance)
def get_balance(office: Office, name: str) -> BalanceInfo:
    """How an account stands: balance, credit, arrears, frozen or not."""
    return office.payments.balance(name)


@router.put("/accounts/{name}/credit", response_model=Balance)
def allow_credit(office: Office, name: str, order: Credit) -> BalanceInfo:
    """Set how far an account's balance may fall below zero before it is in arrears."""
    return office.payments.allow_credit(name, order.credit)
