"""A process that cuts out photos with Koutu's library; the precision comes from KOUTU_PRECISION."""

import json
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

STARTED = time.perf_counter()

from koutu import library  # noqa: E402
from koutu.contract import ACTIONS  # noqa: E402


def cut(data: bytes) -> int:
    """One call, in its turn, as the server and the command line make it; the size of the PNG file."""
    images = {"ImageURL": data}
    with library.room(images):
        return len(next(iter(library.run(ACTIONS["SegmentCommonImage"], images).encode())).data)


def main() -> None:
    print(json.dumps({"ready": time.perf_counter() - STARTED}), flush=True)
    for line in sys.stdin:
        order = json.loads(line)
        data = Path(order["photo"]).read_bytes()
        started = time.perf_counter()
        with ThreadPoolExecutor(order["at_once"]) as pool:
            sizes = list(pool.map(cut, [data] * order["at_once"]))
        print(json.dumps({"seconds": time.perf_counter() - started, "bytes": sizes[0]}), flush=True)


if __name__ == "__main__":
    main()
