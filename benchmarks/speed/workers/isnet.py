"""A process that runs the ISNet network alone on noise, at the precision of KOUTU_PRECISION: the unit of other figures."""

import json
import sys
import time

import numpy as np

from koutu import models


def main() -> None:
    pixels = np.random.default_rng(1).random((1, 3, 1024, 1024), np.float32) - 0.5
    models.run("isnet", {"input": pixels})
    print(json.dumps({"ready": 0}), flush=True)
    for _ in sys.stdin:
        started = time.perf_counter()
        models.run("isnet", {"input": pixels})
        print(json.dumps({"seconds": time.perf_counter() - started, "bytes": 0}), flush=True)


if __name__ == "__main__":
    main()
