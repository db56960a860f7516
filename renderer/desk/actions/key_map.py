"""Write the key map: a page to print and to pin beside the desk."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from typing import Final

from renderer.desk.actions.action import Action, Confirm, Group
from renderer.desk.words import tr

_STYLE: Final = """
body { font: 11pt sans-serif; color: #000; columns: 2; column-gap: 12mm; margin: 12mm; }
h1 { column-span: all; font-size: 16pt; } h2 { font-size: 12pt; margin: 4mm 0 1mm; }
table { border-collapse: collapse; width: 100%; break-inside: avoid; }
td { border-bottom: 1px solid #bbb; padding: 1mm 2mm; } td.key { white-space: nowrap; }
kbd { border: 1px solid #000; border-radius: 3px; padding: 0 1.5mm; font: 10pt monospace; }
small { color: #444; }
"""


def key_map_text(actions: Iterable[Action]) -> str:
    """Return the keys as lines of text, by subject."""
    lines = []
    for group, rows in _by_group(actions):
        lines += ["", tr(group.value)]
        lines += [f"  {_keys(row):18} {tr(row.title)}{_where(row)}" for row in rows]
    return "\n".join(lines[1:])


def key_map_page(actions: Iterable[Action]) -> str:
    """Return the keys as a page of HTML to print."""
    parts = [f"<!doctype html><meta charset=utf-8><title>{tr('Keys')}</title>"]
    parts.append(f"<style>{_STYLE}</style><h1>Encore: {tr('Keys')}</h1>")
    for group, rows in _by_group(actions):
        parts.append(f"<h2>{escape(tr(group.value))}</h2><table>")
        for row in rows:
            caps = " ".join(f"<kbd>{escape(cap)}</kbd>" for cap in _keys(row).split(" "))
            parts.append(
                f"<tr><td class=key>{caps}<td>{escape(tr(row.title))}{escape(_where(row))}"
                f"<br><small>{escape(tr(row.summary))}</small>"
            )
        parts.append("</table>")
    return "\n".join(parts)


def _by_group(actions: Iterable[Action]) -> Iterable[tuple[Group, list[Action]]]:
    all_of = [action for action in actions if action.key]
    for group in Group:
        if rows := [action for action in all_of if action.group is group]:
            yield group, rows


def _keys(action: Action) -> str:
    return f"{action.key} {action.key}" if action.confirm is Confirm.TWICE else action.key


def _where(action: Action) -> str:
    return f" ({tr(action.perspective.capitalize())})" if action.perspective else ""
