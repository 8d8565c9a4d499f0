"""Cut out many photos of yours through a Koutu server with the official SDK alibabacloud-imageseg20191230 2.0.4.

python examples/new_sdk.py KEY_ID KEY_SECRET photo1.jpg photo2.jpg -o cutouts
koutu sheet cutouts/*.png -o sheet.png
"""

import argparse
import urllib.request
from pathlib import Path

from alibabacloud_imageseg20191230.client import Client
from alibabacloud_imageseg20191230.models import SegmentCommonImageAdvanceRequest
from alibabacloud_tea_openapi.models import Config
from alibabacloud_tea_util.models import RuntimeOptions


def main() -> None:
    """Upload, cut and download each photo."""
    parser = argparse.ArgumentParser()
    parser.add_argument("key_id")
    parser.add_argument("key_secret")
    parser.add_argument("photos", nargs="+", type=Path)
    parser.add_argument("-o", "--output", type=Path, default=Path("cutouts"))
    parser.add_argument("--endpoint", default="127.0.0.1:8080")
    options = parser.parse_args()
    client = Client(Config(options.key_id, options.key_secret, endpoint=options.endpoint, protocol="http"))
    client._open_platform_endpoint = options.endpoint
    options.output.mkdir(parents=True, exist_ok=True)
    for photo in options.photos:
        with photo.open("rb") as file:
            request = SegmentCommonImageAdvanceRequest(image_urlobject=file)
            url = client.segment_common_image_advance(request, RuntimeOptions()).body.data.image_url
        target = options.output / f"{photo.stem}.png"
        urllib.request.urlretrieve(url, target)
        print(f"{photo} -> {target}")


if __name__ == "__main__":
    main()
