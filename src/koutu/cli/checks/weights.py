"""Models: installed, sound, allowed; and whether a photo can be cut."""

import shutil
import time
from collections.abc import Iterator
from pathlib import Path

from koutu.cli.checks.finding import Finding, fail, ok, skip, warn
from koutu.cli.checks.folders import writable

_LEAST_FREE = 1.0  # GB: the largest package, its parts and the converted network


def check_weights() -> Iterator[Finding]:
    """Look at the models' folder and at every model."""
    from koutu.models import allowed, catalog, store
    from koutu.settings import current

    home = current().home
    yield writable("models folder", home, "KOUTU_HOME")
    free = _free(home)
    if free is not None and free < _LEAST_FREE:
        yield warn("disk", f"{free:.2f} GB free for {home}", f"Free {_LEAST_FREE:g} GB, or set KOUTU_HOME to another disk.")
    missing, sound = [], 0
    for name, entry in catalog().items():
        if not allowed(name):
            continue
        if not store().installed(entry):
            missing.append(name)
        elif not store().verify(entry):
            folder = store().folder(entry)
            cure = f"rm -r '{folder}' && koutu models install {name}"
            if entry.source.kind == "bundled":
                cure = "pip install --force-reinstall --no-deps koutu"
            yield fail(f"model {name}", "its checksum is wrong: the file is damaged", cure)
        else:
            sound += 1
    if missing:
        cure = "koutu models install (koutu cut fetches what it needs by itself)"
        yield warn("models", f"{sound} sound; not installed: {', '.join(missing)}", cure)
    else:
        yield ok("models", f"{sound} installed, checksums right")
    yield _licences()
    yield from _slots()


def _licences() -> Finding:
    from koutu.models import catalog
    from koutu.settings import current

    bound = [name for name, entry in catalog().items() if not entry.permissive]
    if current().licences == "permissive":
        return ok("licences", f"permissive weights alone; kept out: {', '.join(bound)}")
    says = f"{len(bound)} of {len(catalog())} models are not permissively licensed: {', '.join(bound)}"
    return ok("licences", f"{says} (koutu models list; KOUTU_LICENCES=permissive keeps them out)")


def _slots() -> Iterator[Finding]:
    from koutu.errors import KoutuError
    from koutu.models.slots import cards
    from koutu.models.slots.place import installed

    try:
        found = cards()
    except KoutuError as error:
        yield fail("slots", error.message, "Mend the card, or take it out of the folder (docs/slots.md).")
        return
    for slot, card in found.items():
        if installed(card):
            yield ok(f"slot {slot}", f"filled by {card.file}")
        else:
            yield fail(f"slot {slot}", "its network is not installed", "koutu models install")


def check_cut() -> Finding:
    """Cut a sample photo out."""
    from importlib.resources import files

    import koutu
    from koutu.errors import KoutuError, ModelMissing

    sample = files("koutu.samples").joinpath("skimage_coffee.png").read_bytes()
    started = time.perf_counter()
    try:
        mask = koutu.segment_common_image(sample).mask
    except ModelMissing as missing:
        return skip("a cutout", f"the model {missing.model} is not installed")
    except KoutuError as error:
        return fail("a cutout", f"{type(error).__name__}: {error.message}", "koutu models verify tells which model is damaged.")
    seconds = time.perf_counter() - started
    if not (mask[200, 300] > 0.9 and mask[5, 5] < 0.1):
        cure = "Try KOUTU_PRECISION=exact; if that helps, this processor's bf16 is at fault."
        return fail("a cutout", "the sample's cutout is wrong", cure)
    return ok("a cutout", f"a sample photo was cut in {seconds:.1f} s, networks loaded")


def _free(path: Path) -> float | None:
    while not path.exists() and path != path.parent:
        path = path.parent
    try:
        return shutil.disk_usage(path).free / 1e9
    except OSError:
        return None
