"""What a run over many photos came to."""

import json
import os
from dataclasses import dataclass, field
from pathlib import Path

from rich.console import Console
from rich.text import Text

_MOST_SHOWN = 40


def shown(path: Path | str) -> str:
    """A path for people's eyes: bytes of its name that are no UTF-8 become a replacement sign."""
    return os.fsencode(path).decode("utf-8", "replace")


@dataclass(slots=True)
class Tally:
    """Counts and failures of a run."""

    done: int = 0
    skipped: int = 0
    failures: dict[str, str] = field(default_factory=dict)

    def fail(self, path: Path, reason: str) -> None:
        """Note a photo that could not be cut."""
        self.failures[shown(path)] = reason

    def print(self, console: Console, seconds: float, left: int) -> None:
        """The summary: how many, how fast, and every failure with its reason."""
        parts = [f"{self.done} cut"]
        if self.skipped:
            parts.append(f"{self.skipped} done before")
        if self.failures:
            parts.append(f"{len(self.failures)} failed")
        if left:
            parts.append(f"{left} left")
        rate = f" ({self.done / seconds:.1f} a second)" if self.done > 1 and seconds > 0 else ""
        console.print(f"{', '.join(parts)} in {_duration(seconds)}{rate}", highlight=False)
        for path, reason in list(self.failures.items())[:_MOST_SHOWN]:
            console.print(Text.assemble((f"  {path}", "red"), f": {reason}"), soft_wrap=True)
        if len(self.failures) > _MOST_SHOWN:
            console.print(f"  and {len(self.failures) - _MOST_SHOWN} more; --report FILE writes all of them")

    def write(self, path: Path, seconds: float, left: int) -> None:
        """The summary as JSON."""
        failures = [{"file": file, "reason": reason} for file, reason in self.failures.items()]
        content = {
            "cut": self.done,
            "done_before": self.skipped,
            "left": left,
            "seconds": round(seconds, 3),
            "failed": failures,
        }
        path.write_text(json.dumps(content, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def _duration(seconds: float) -> str:
    if seconds < 60:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes // 60}:{minutes % 60:02}:{rest:02}" if minutes >= 60 else f"{minutes}:{rest:02}"
