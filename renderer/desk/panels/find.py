"""Find the panels: all modules `panel.py` in folders of `renderer.desk.panels`."""

from __future__ import annotations

from functools import lru_cache
from importlib import import_module
from importlib.util import find_spec
from pkgutil import iter_modules

from renderer.desk import panels
from renderer.desk.panels.base import PanelKind


@lru_cache(1)
def find_panels() -> dict[str, PanelKind]:
    """Return every kind of panel by its id."""
    found: dict[str, PanelKind] = {}
    for module in iter_modules(panels.__path__, f"{panels.__name__}."):
        if not module.ispkg or find_spec(f"{module.name}.panel") is None:
            continue
        kind = import_module(f"{module.name}.panel").PANEL
        if not isinstance(kind, PanelKind):
            raise TypeError(f"{module.name}.panel.PANEL is no PanelKind")
        found[kind.id] = kind
    return found
