"""A process that cuts out photos with Koutu's library; the precision comes from KOUTU_PRECISION."""

import json
import sys
import time
from pathlib import Path

STARTED = time.perf_counter()

from koutu import library  # noqa: E402
from koutu.contract import ACTIONS  # noqa: E402


def main() -> None:
    action = ACTIONS["SegmentCommonImage"]
    print(json.dumps({"ready": time.perf_counter() - STARTED}), flush=True)
    for line in sys.stdin:
        data = Path(json.loads(line)["photo"]).read_bytes()
        started = time.perf_counter()
        encoded = next(iter(library.run(action, {"ImageURL": data}).encode()))
        print(json.dumps({"seconds": time.perf_counter() - started, "bytes": len(encoded.data)}), flush=True)


if __name__ == "__main__":
    main()
