"""An output's row, and how its status becomes it."""

from __future__ import annotations

from dataclasses import dataclass

from renderer.desk.widgets import formatting
from renderer.desk.widgets.formatting import Level
from renderer.protocol.outputs import OutputStatus


@dataclass(frozen=True, slots=True)
class OutputRow:
    """One output. `detail` says why it is not well."""

    name: str
    address: str
    state: str
    level: Level
    packets: str
    dropped: str
    size: str
    detail: str


def output_row(output: OutputStatus, is_known: bool) -> OutputRow:
    """One output's row; of a show that is silent, the last known state is nobody's promise."""
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
