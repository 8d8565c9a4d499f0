"""A 10000x10000 JPEG through SegmentHDCommonImage: `python -m benchmarks.hd_photo`.

Starts a server of its own, uploads the photo and polls the job with the official SDK (alibabacloud-imageseg20191230 2.0.4), and
prints the size of what comes back, the time it took and the server's peak memory.
"""

import io
import json
import re
import subprocess
import sys
import tempfile
import time
import urllib.request
from importlib.resources import files
from pathlib import Path

from alibabacloud_imageseg20191230.client import Client
from alibabacloud_imageseg20191230.models import GetAsyncJobResultRequest, SegmentHDCommonImageAdvanceRequest
from alibabacloud_tea_openapi.models import Config
from alibabacloud_tea_util.models import RuntimeOptions
from PIL import Image, ImageFile

SIDE = 10_000


def make_photo(side: int) -> bytes:
    """The sample cat, enlarged to side x side, as a JPEG file."""
    with Image.open(io.BytesIO((files("koutu.samples") / "skimage_chelsea.png").read_bytes())) as cat:
        buffer = io.BytesIO()
        cat.convert("RGB").resize((side, side), Image.Resampling.BICUBIC).save(buffer, "JPEG", quality=90)
    return buffer.getvalue()


def peak_memory(pid: int) -> float:
    """Peak resident memory of a process in GB."""
    status = Path(f"/proc/{pid}/status").read_text()
    return int(re.findall(r"VmHWM:\s+(\d+) kB", status)[0]) / 1e6


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
    photo = make_photo(SIDE)
    with tempfile.TemporaryDirectory() as data:
        koutu = str(Path(sys.executable).parent / "koutu")
        key = json.loads(
            subprocess.run([koutu, "keys", "create", "--json", "--data", data], capture_output=True, check=True).stdout
        )
        server = subprocess.Popen([koutu, "serve", "--port", "0", "--data", data], stdout=subprocess.PIPE, text=True)
        assert server.stdout is not None
        try:
            address = next(line.split()[-1] for line in server.stdout if "serving on" in line)
            endpoint = address.removeprefix("http://")
            client = Client(Config(key["access_key_id"], key["access_key_secret"], endpoint=endpoint, protocol="http"))
            client._open_platform_endpoint = endpoint
            started = time.perf_counter()
            request = SegmentHDCommonImageAdvanceRequest(image_url_object=io.BytesIO(photo))
            options = RuntimeOptions(read_timeout=60_000, connect_timeout=10_000)
            job_id = client.segment_hdcommon_image_advance(request, options).body.request_id
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
            print(f"peak memory of the server {peak_memory(server.pid):.2f} GB")
        finally:
            server.terminate()
            server.wait()


if __name__ == "__main__":
    main()
