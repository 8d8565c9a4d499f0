"""Run in a process of its own: decodes every hostile file and prints what came of each as a line of JSON."""

import faulthandler
import json
import resource
import time

import numpy as np
from hostile_case import SCENE, Case
from hostile_files import GROUPS

from koutu.errors import ImageError
from koutu.images.decode import decode
from koutu.images.header import read_header
from koutu.images.limits import check_safe

MAX_PIXELS = 200_000_000


def outcome(case: Case) -> dict[str, object]:
    try:
        check_safe(read_header(case.data), MAX_PIXELS)
        picture = decode(case.data)
    except ImageError as error:
        return {"refused": error.code, "message": error.message}
    assert picture.rgb.dtype == np.uint8
    assert picture.rgb.flags.c_contiguous
    assert picture.rgb.shape == (picture.height, picture.width, 3)
    assert picture.alpha is None or picture.alpha.shape == picture.rgb.shape[:2]
    expected = np.asarray(SCENE)
    shown = picture.rgb.shape == expected.shape and float(np.abs(picture.rgb.astype(int) - expected).mean())
    return {"size": [picture.width, picture.height], "difference": shown}


def main() -> None:
    faulthandler.enable()
    for group, make in GROUPS.items():
        for case in make():
            before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
            start = time.process_time()
            try:
                result = outcome(case)
            except BaseException as error:
                result = {"crashed": f"{type(error).__name__}: {error}"}
            result["seconds"] = time.process_time() - start
            result["megabytes"] = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
            about = {
                "group": group,
                "name": case.name,
                "verdict": case.verdict,
                "shows": case.shows_scene,
                "tolerance": case.tolerance,
            }
            print(json.dumps({**about, **result}), flush=True)


main()
