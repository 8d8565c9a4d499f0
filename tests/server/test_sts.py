"""The cloud's own STS and credentials SDKs get temporary keys here, and the imageseg SDK works with them."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from in_process import in_process

from koutu.server.accounts.backoffice import open_backoffice
from koutu.server.tls import self_signed

pytestmark = pytest.mark.filterwarnings("ignore")

# Without blanks: the credentials SDK signs a blank as + where the cloud and this server ask for %20.
_POLICY = json.dumps(
    {"Version": "1", "Statement": [{"Effect": "Allow", "Action": ["imageseg:SegmentBody"], "Resource": "*"}]},
    separators=(",", ":"),
)


class _Clock:
    def __init__(self) -> None:
        self.ahead = timedelta(0)

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.ahead


@pytest.fixture
def clock() -> _Clock:
    return _Clock()


@pytest.fixture
def office(settings: Any, clock: _Clock) -> Iterator[Any]:
    with open_backoffice(settings, clock) as office:
        yield office


def _config(address: str, **ids: str) -> Any:
    from alibabacloud_tea_openapi.models import Config

    return Config(**ids, endpoint=address, protocol="http", read_timeout=60_000)


def _code(call: Any) -> str:
    with pytest.raises(Exception) as caught:  # noqa: PT011
        call()
    return str(getattr(caught.value, "code", ""))


def test_the_sts_sdk(running: None, engine: Any, settings: Any, office: Any, clock: _Clock, photo_server: Any) -> None:
    from alibabacloud_imageseg20191230 import models
    from alibabacloud_imageseg20191230.client import Client
    from alibabacloud_sts20150401.client import Client as StsClient
    from alibabacloud_sts20150401.models import AssumeRoleRequest

    key = office.keys.create(account="shop")
    ids = {"access_key_id": key.access_key_id, "access_key_secret": key.access_key_secret}
    with in_process(settings, clock) as address:
        order = AssumeRoleRequest(
            role_arn="acs:ram::123:role/cutter", role_session_name="phone-1", duration_seconds=900, policy=_POLICY
        )
        body = StsClient(_config(address, **ids)).assume_role(order).body
        assert body.assumed_role_user.arn.endswith(":role/cutter/phone-1")
        issued = body.credentials
        parts = {"access_key_id": issued.access_key_id, "access_key_secret": issued.access_key_secret}
        client = Client(_config(address, **parts, security_token=issued.security_token))
        photo = photo_server.at()
        assert client.segment_body(models.SegmentBodyRequest(image_url=photo)).body.data.image_url
        assert _code(lambda: client.segment_head(models.SegmentHeadRequest(image_url=photo))) == "Unauthorized"
        again = StsClient(_config(address, **parts, security_token=issued.security_token))
        assert _code(lambda: again.assume_role(order)) == "Unauthorized"
        assert [entry.access_key_id for entry in office.ledger.entries()] == [key.access_key_id]
        office.temporary.revoke(issued.access_key_id)
        late = _code(lambda: client.segment_body(models.SegmentBodyRequest(image_url=photo)))
        assert late == "InvalidSecurityToken.Expired"


def test_the_credentials_sdk(
    running: None, engine: Any, settings: Any, office: Any, photo_server: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from alibabacloud_credentials.client import Client as Credentials
    from alibabacloud_credentials.models import Config as CredentialsConfig
    from alibabacloud_imageseg20191230 import models
    from alibabacloud_imageseg20191230.client import Client
    from alibabacloud_tea_openapi.models import Config

    key = office.keys.create(account="shop")
    certificate, private = self_signed(settings)
    # This SDK speaks https alone, and knows no way but this to trust a certificate of one's own.
    monkeypatch.setattr("requests.adapters.DEFAULT_CA_BUNDLE_PATH", str(certificate))
    with in_process(settings, tls=(certificate, private)) as address:
        credential = Credentials(
            CredentialsConfig(
                type="ram_role_arn",
                access_key_id=key.access_key_id,
                access_key_secret=key.access_key_secret,
                role_arn="acs:ram::123:role/cutter",
                role_session_name="worker",
                policy=_POLICY,
                sts_endpoint=address,
                timeout=60_000,
                connect_timeout=60_000,
            )
        )
        client = Client(
            Config(credential=credential, endpoint=address, protocol="https", ca=str(certificate), read_timeout=60_000)
        )
        answer = client.segment_body(models.SegmentBodyRequest(image_url=photo_server.at()))
        assert answer.body.data.image_url
        assert [info.session for info in office.temporary.all("shop")] == ["worker"]
