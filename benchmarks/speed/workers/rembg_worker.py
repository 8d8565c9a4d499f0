"""A process that cuts out photos with rembg and isnet-general-use; runs in the peers' environment, knows nothing of Koutu."""

import json
import sys
import time
from pathlib import Path

STARTED = time.perf_counter()

import rembg  # noqa: E402


def main() -> None:
    session = rembg.new_session("isnet-general-use")
    print(json.dumps({"ready": time.perf_counter() - STARTED}), flush=True)
    for line in sys.stdin:
        data = Path(json.loads(line)["photo"]).read_bytes()
        started = time.perf_counter()
        cutout = rembg.remove(data, session=session)
        print(json.dumps({"seconds": time.perf_counter() - started, "bytes": len(cutout)}), flush=True)


if __name__ == "__main__":
    main()
