"""What stands between a proved caller and an action: permission, arrears, quota; and the key's last use."""

from datetime import datetime

import anyio.to_thread

from koutu.errors import NotPurchased, Unauthorized
from koutu.server.accounts.backoffice import Backoffice
from koutu.server.accounts.billing.charging import refuse_arrears
from koutu.server.accounts.credentials import Credential
from koutu.server.accounts.permission import GRANTED
from koutu.server.accounts.quota import Quota


class Gate:
    """Lets proved calls through.

    Args:
        office: accounts, plans and billing.
        quota: counts the calls of the contract's actions; what is none of them is never counted.
    """

    def __init__(self, office: Backoffice, quota: Quota) -> None:
        self._office = office
        self._quota = quota

    async def permit(self, credential: Credential, action: str) -> None:
        """Let a call through, or say why not.

        Raises:
            NotPurchased: the action is not activated for the account, or the account is frozen.
            Unauthorized: the key lacks permission.
            Throttling: this second's calls are used up.
        """
        await anyio.to_thread.run_sync(self._permit, credential, action)

    def _permit(self, credential: Credential, action: str) -> None:
        now = self._office.clock()
        self._office.credentials.used(credential, now)
        if not credential.activated.allows(action):
            raise NotPurchased(f"{action} is not activated for this account.")
        if not all(permission.allows(action) for permission in credential.permitted):
            raise Unauthorized(f"The access key {credential.access_key_id} may not call {action}.")
        if action in GRANTED:
            self._admit(credential.account_id, action, now)

    def _admit(self, account_id: int, action: str, now: datetime) -> None:
        with self._office.database.read() as connection:
            refuse_arrears(connection, account_id, action, now)
            limit = self._quota.limit(connection, account_id, action, now)
        if limit is not None:
            self._quota.take(account_id, action, limit, now)
