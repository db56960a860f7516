"""What a training run prints and keeps: its figures and where the model lies."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from renderer.motion.priors.weights import ModelCard


@dataclass(frozen=True, slots=True)
class TrainingReport:
    """The result of a training run.

    Attributes:
        path: of the weights.
        card: of the model.
        measured: figures by candidate, such as `hold` or `ridge`, and by measure.
        verdict: which candidate was written, and why, in a sentence.
    """

    path: Path
    card: ModelCard
    measured: Mapping[str, Mapping[str, float]]
    verdict: str

    def text(self) -> str:
        """Return the figures as a table."""
        names = list(dict.fromkeys(name for one in self.measured.values() for name in one))
        lines = [f"{'':24}" + "".join(f"{name:>18}" for name in names)]
        for candidate, figures in self.measured.items():
            cells = (f"{figures[n]:18.3f}" if n in figures else f"{'':18}" for n in names)
            lines.append(f"{candidate:24}" + "".join(cells))
        lines += [self.verdict, f"{self.path}: SHA-256 {self.card.sha256}"]
        return "\n".join(lines)

    def as_dict(self) -> dict[str, object]:
        """Return the figures as plain data."""
        return {
            "model": self.card.model,
            "path": self.path.name,
            "sha256": self.card.sha256,
            "verdict": self.verdict,
            "measured": {name: dict(one) for name, one in self.measured.items()},
        }
