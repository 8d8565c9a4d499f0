"""Unmodified official SDKs against a running server; every release of them is tested by the conformance suite."""

import io
import json
import urllib.request
from typing import Any

import pytest
from PIL import Image

from koutu.server.accounts.keys import NewKey

pytestmark = pytest.mark.filterwarnings("ignore")


@pytest.fixture
def key(program: Any) -> NewKey:
    program.start()
    made: NewKey = program.create_key()
    return made


def _open(link: str) -> Image.Image:
    with urllib.request.urlopen(link) as response:
        return Image.open(io.BytesIO(response.read()))


def test_the_new_python_sdk(program: Any, photo_server: Any, key: NewKey) -> None:
    from alibabacloud_imageseg20191230 import models
    from alibabacloud_imageseg20191230.client import Client
    from alibabacloud_tea_openapi.models import Config

    client = Client(
        Config(
            access_key_id=key.access_key_id,
            access_key_secret=key.access_key_secret,
            endpoint=program.endpoint,
            protocol="http",
            read_timeout=60_000,
        )
    )
    answer = client.segment_common_image(models.SegmentCommonImageRequest(image_url=photo_server.at()))
    picture = _open(answer.body.data.image_url)
    assert (picture.mode, picture.size) == ("RGBA", (512, 512))
    mask = client.segment_common_image(models.SegmentCommonImageRequest(image_url=photo_server.at(), return_form="mask"))
    assert _open(mask.body.data.image_url).mode == "L"


def test_the_old_python_sdk(program: Any, photo_server: Any, key: NewKey) -> None:
    from aliyunsdkcore.acs_exception.exceptions import ServerException
    from aliyunsdkcore.client import AcsClient
    from aliyunsdkimageseg.request.v20191230.SegmentCommonImageRequest import SegmentCommonImageRequest

    request = SegmentCommonImageRequest()
    request.set_ImageURL(photo_server.at())
    request.set_endpoint(program.endpoint)
    request.set_protocol_type("http")
    client = AcsClient(key.access_key_id, key.access_key_secret, "cn-shanghai", timeout=60)
    data = json.loads(client.do_action_with_exception(request))["Data"]
    assert _open(data["ImageURL"]).mode == "RGBA"
    wrong = AcsClient(key.access_key_id, "wrong-secret", "cn-shanghai")
    with pytest.raises(ServerException) as caught:
        wrong.do_action_with_exception(request)
    assert caught.value.get_error_code() == "InvalidAccessKeySecret"
