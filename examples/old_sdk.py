"""Cut out many photos of yours through a Koutu server with the official SDK aliyun-python-sdk-imageseg 1.1.9.

This SDK takes URLs alone, so the script serves the photos itself; the server has to be allowed to fetch from this machine:

    KOUTU_FETCH_ALLOW_HOSTS=127.0.0.1 koutu serve
    python examples/old_sdk.py KEY_ID KEY_SECRET photo1.jpg photo2.jpg -o cutouts
    koutu sheet cutouts/*.png -o sheet.png
"""

import argparse
import json
import threading
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from aliyunsdkcore.client import AcsClient
from aliyunsdkimageseg.request.v20191230.SegmentCommonImageRequest import SegmentCommonImageRequest


def serve(photos: list[Path]) -> ThreadingHTTPServer:
    """Serve photos under /0, /1, ... on a free port of 127.0.0.1."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(photos[int(self.path[1:])].read_bytes())

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is the base class's
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


def main() -> None:
    """Cut and download each photo."""
    parser = argparse.ArgumentParser()
    parser.add_argument("key_id")
    parser.add_argument("key_secret")
    parser.add_argument("photos", nargs="+", type=Path)
    parser.add_argument("-o", "--output", type=Path, default=Path("cutouts"))
    parser.add_argument("--endpoint", default="127.0.0.1:8080")
    options = parser.parse_args()
    client = AcsClient(options.key_id, options.key_secret, "cn-shanghai")
    server = serve(options.photos)
    options.output.mkdir(parents=True, exist_ok=True)
    for number, photo in enumerate(options.photos):
        request = SegmentCommonImageRequest()
        request.set_endpoint(options.endpoint)
        request.set_ImageURL(f"http://127.0.0.1:{server.server_port}/{number}")
        answer = json.loads(client.do_action_with_exception(request))
        target = options.output / f"{photo.stem}.png"
        urllib.request.urlretrieve(answer["Data"]["ImageURL"], target)
        print(f"{photo} -> {target}")
    server.shutdown()


if __name__ == "__main__":
    main()
