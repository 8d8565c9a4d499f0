"""A client of an application in this process that signs its calls."""

import json
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import wire
from starlette.testclient import TestClient

from koutu.server.accounts.database import open_database
from koutu.server.accounts.entry import Entry
from koutu.server.accounts.keys import Keys, NewKey
from koutu.server.accounts.ledger import Ledger
from koutu.server.accounts.secrets import open_secrets
from koutu.server.app import create_app
from koutu.settings import Settings


def signed_params(method: str, params: Mapping[str, str], key_id: str, secret: str, **common: str) -> dict[str, str]:
    """The parameters of a signed RPC call that wants JSON; ``common`` ones override."""
    key = {"access_key_id": key_id, "access_key_secret": secret}
    return wire.sign_rpc(key, wire.common(key, params["Action"], **{"Format": "JSON", **params, **common}), method)


def signed_headers(
    method: str, host: str, action: str, query: dict[str, str], body: bytes, key_id: str, secret: str, **more: str
) -> dict[str, str]:
    """The headers of a signed ACS3 call."""
    key = {"access_key_id": key_id, "access_key_secret": secret}
    return wire.acs3_headers(key, action, host, query, method=method, body=body, **more)


@dataclass
class Wire:
    """A signing client of a running application."""

    http: TestClient
    key: NewKey
    keys: Keys
    ledger: Ledger
    settings: Settings

    def call(self, action: str, key: NewKey | None = None, **params: str) -> Any:
        """An RPC call by form; gives the decoded JSON with the status under "status_code"."""
        key = key or self.key
        form = signed_params("POST", {"Action": action, **params}, key.access_key_id, key.access_key_secret)
        response = self.http.post("/", data=form)
        return {**json.loads(response.content), "status_code": response.status_code}

    def entries(self) -> list[Entry]:
        """What the ledger says of this account's key."""
        return [entry for entry in self.ledger.entries() if entry.access_key_id == self.key.access_key_id]

    def job(self, job_id: str, key: NewKey | None = None) -> Any:
        """Wait for a job to end; gives its Data."""
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            data = self.call("GetAsyncJobResult", key, JobId=job_id)["Data"]
            if data["Status"] not in ("QUEUING", "PROCESSING"):
                return data
            time.sleep(0.05)
        raise AssertionError("the job did not end")

    def stored(self) -> list[Path]:
        """The files that the server keeps as results."""
        return sorted(path for path in (self.settings.data / "objects").rglob("*") if path.is_file())


@contextmanager
def opened(settings: Settings) -> Iterator[Wire]:
    """An application with a client that has a key."""
    with TestClient(create_app(settings), base_url="http://127.0.0.1:8080") as http:
        database = open_database(settings)
        keys = Keys(database, open_secrets(settings))
        yield Wire(http, keys.create(), keys, Ledger(database), settings)
        database.close()
