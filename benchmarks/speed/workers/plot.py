"""Draw one plot: python plot.py FILE.svg, with the fields of plots.Plot as JSON on the standard input.

Runs where matplotlib is installed and imports nothing else.
"""

import json
import sys

import matplotlib as mpl
from matplotlib import pyplot as plt

mpl.rcParams.update({"svg.fonttype": "none", "svg.hashsalt": "koutu", "font.family": "sans-serif", "font.size": 10})


def main() -> None:
    plot = json.load(sys.stdin)
    figure, axes = plt.subplots(figsize=(6.4, 3.6), layout="constrained")
    for name, (x, y) in plot["lines"].items():
        axes.plot(x, y, marker="o", markersize=4, label=name)
    ticks = sorted({value for x, _ in plot["lines"].values() for value in x})
    axes.set(title=plot["title"], xlabel=plot["x"], ylabel=plot["y"])
    if "x" in plot["log"]:
        axes.set_xscale("log", base=2)
    if "y" in plot["log"]:
        axes.set_yscale("log")
        axes.yaxis.set_major_formatter("{x:g}")
    else:
        axes.set_ylim(bottom=0)
    axes.set_xticks(ticks, [f"{tick:g}" for tick in ticks])
    axes.grid(alpha=0.3)
    axes.legend(frameon=False)
    figure.savefig(sys.argv[1], metadata={"Date": None})


if __name__ == "__main__":
    main()
