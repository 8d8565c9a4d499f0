"""A first access key, and the official SDKs' snippets that use it."""

import sys
from importlib.resources import as_file, files
from typing import TYPE_CHECKING

from koutu.settings import Settings

if TYPE_CHECKING:
    from koutu.server.accounts.keys import NewKey

_SAMPLE = "skimage_chelsea.png"

_SNIPPETS = """
A first access key was made; its secret is shown this once:
  access key id      {key_id}
  access key secret  {secret}

Paste one of these into another shell; each writes a cutout. (The first calls ever wait for networks to be compiled.)

1. With alibabacloud-imageseg20191230==2.0.4, from a file of yours:

{python} - <<'EOF'
import urllib.request
from alibabacloud_imageseg20191230.client import Client
from alibabacloud_imageseg20191230.models import SegmentCommonImageAdvanceRequest
from alibabacloud_tea_openapi.models import Config
from alibabacloud_tea_util.models import RuntimeOptions

client = Client(Config(access_key_id="{key_id}", access_key_secret="{secret}", endpoint="{endpoint}", protocol="{scheme}"))
client._open_platform_endpoint = client._endpoint
with open("{sample}", "rb") as photo:
    request = SegmentCommonImageAdvanceRequest(image_urlobject=photo)
    answer = client.segment_common_image_advance(request, RuntimeOptions(read_timeout=60_000))
print(urllib.request.urlretrieve(answer.body.data.image_url, "cutout.png")[0])
EOF

2. With aliyun-python-sdk-imageseg==1.1.9, from a URL:

{python} - <<'EOF'
import json, urllib.request
from aliyunsdkcore.client import AcsClient
from aliyunsdkimageseg.request.v20191230.SegmentCommonImageRequest import SegmentCommonImageRequest

client = AcsClient("{key_id}", "{secret}", "cn-shanghai", timeout=60)
request = SegmentCommonImageRequest()
request.set_endpoint("{endpoint}")
request.set_protocol_type("{scheme}")
request.set_ImageURL("{scheme}://{endpoint}/samples/{sample_name}")
answer = json.loads(client.do_action_with_exception(request))
print(urllib.request.urlretrieve(answer["Data"]["ImageURL"], "cutout-old-sdk.png")[0])
EOF
"""


def make_first_key(settings: Settings) -> "NewKey | None":
    """Make a key where the database has none."""
    from koutu.server.accounts.database import open_database
    from koutu.server.accounts.keys import Keys
    from koutu.server.accounts.secrets import open_secrets

    database = open_database(settings)
    try:
        keys = Keys(database, open_secrets(settings))
        return None if keys.all() else keys.create(note="first key")
    finally:
        database.close()


def snippets(key: "NewKey", address: str) -> str:
    """How to call the server at `address` (scheme, host and port) with `key`, ready to paste."""
    scheme, _, endpoint = address.partition("://")
    with as_file(files("koutu.samples") / _SAMPLE) as sample:
        return _SNIPPETS.format(
            key_id=key.access_key_id,
            secret=key.access_key_secret,
            scheme=scheme,
            endpoint=endpoint,
            python=sys.executable,
            sample=sample,
            sample_name=_SAMPLE,
        )
