"""A 10000x10000 JPEG through SegmentHDCommonImage: `python -m benchmarks.hd_photo`.

Starts a server of its own, uploads the photo and polls the job with the official SDK (alibabacloud-imageseg20191230 2.0.4), and
prints the size of what comes back, the time it took and the server's peak memory.
"""

import io
import json
import tempfile
import time
import urllib.request
from pathlib import Path

from alibabacloud_imageseg20191230.client import Client
from alibabacloud_imageseg20191230.models import GetAsyncJobResultRequest, SegmentHDCommonImageAdvanceRequest
from PIL import ImageFile

from benchmarks.served import OPTIONS, served
from benchmarks.speed.photos import write_photos
from benchmarks.speed.process import peak_memory

SIDE = 10_000


def wait_for_job(client: Client, job_id: str) -> str:
    """Poll a job to its end; the URL of its result."""
    while True:
        data = client.get_async_job_result(GetAsyncJobResultRequest(job_id=job_id)).body.data
        if data.status == "PROCESS_SUCCESS":
            return str(json.loads(data.result)["ImageUrl"])
        if data.status not in ("QUEUING", "PROCESSING"):
            raise SystemExit(f"the job ended as {data.status}: {data.error_code} {data.error_message}")
        time.sleep(0.1)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        photo = write_photos(Path(folder), (SIDE, SIDE))[0].read_bytes()
        with served(Path(folder) / "data") as server:
            client = server.client()
            started = time.perf_counter()
            request = SegmentHDCommonImageAdvanceRequest(image_url_object=io.BytesIO(photo))
            job_id = client.segment_hdcommon_image_advance(request, OPTIONS).body.request_id
            submitted = time.perf_counter()
            url = wait_for_job(client, job_id)
            done = time.perf_counter()
            parser = ImageFile.Parser()
            with urllib.request.urlopen(url) as answer:
                head = answer.read(4096)
                size = len(head) + sum(len(part) for part in iter(lambda: answer.read(1 << 20), b""))
            parser.feed(head)
            assert parser.image is not None
            print(f"in: {SIDE}x{SIDE} JPEG, {len(photo) / 1e6:.1f} MB")
            print(f"out: {parser.image.size[0]}x{parser.image.size[1]} {parser.image.mode} PNG, {size / 1e6:.1f} MB")
            print(f"upload and submit {submitted - started:.2f} s, job {done - submitted:.2f} s")
            print(f"peak memory of the server {peak_memory(server.pid) / 1e3:.2f} GB")


if __name__ == "__main__":
    main()
