"""Plots of the tables, as SVG files beside the page."""

import json
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks.speed.peers import plotting_python

FOLDER = Path(__file__).parents[2] / "docs" / "assets"
_WORKER = Path(__file__).parent / "workers" / "plot.py"


@dataclass(frozen=True)
class Plot:
    """Lines over one axis.

    Attributes:
        name: of the file, without its suffix.
        title, x, y: what stands above and at the axes.
        lines: for each name its points' x and y.
        log: axes with a logarithmic scale, of "xy".
    """

    name: str
    title: str
    x: str
    y: str
    lines: Mapping[str, tuple[Sequence[float], Sequence[float]]]
    log: str = ""

    def write(self) -> None:
        """Draw it into the documentation's assets."""
        command = [plotting_python(), _WORKER, FOLDER / f"{self.name}.svg"]
        subprocess.run(command, input=json.dumps(asdict(self)), text=True, check=True)
