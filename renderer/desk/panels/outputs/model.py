"""Hold the row of an output, and derive it from its status."""

from __future__ import annotations

from dataclasses import dataclass

from renderer.desk.widgets import formatting
from renderer.desk.widgets.formatting import Level
from renderer.protocol.outputs import OutputStatus


@dataclass(frozen=True, slots=True)
class OutputRow:
    """One output. `detail` is the reason of a fault."""

    name: str
    address: str
    state: str
    level: Level
    packets: str
    dropped: str
    size: str
    detail: str


def output_row(output: OutputStatus, is_known: bool) -> OutputRow:
    """Return an output's row; if the show is silent, the last state is marked as unconfirmed."""
    return OutputRow(
        name=output.name,
        address=formatting.address(output.address),
        state=output.state.value if is_known else f"{output.state.value}?",
        level=formatting.output_level(output.state) if is_known else Level.IDLE,
        packets=formatting.count(output.packets),
        dropped=formatting.count(output.dropped),
        size=formatting.data_size(output.bytes),
        detail=formatting.without_secrets(output.detail),
    )
