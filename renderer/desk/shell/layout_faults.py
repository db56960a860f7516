"""Find text that is cut, and widgets that lie on each other, by size hints against geometry."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from PySide6.QtCore import QPoint, QRect
from PySide6.QtWidgets import QAbstractButton, QLabel, QWidget

from renderer.desk.widgets.chip import ChipView
from renderer.desk.widgets.elided import ElidedLabel

SLACK: Final = 1
"""Pixels by which a size hint may exceed a geometry: hints are rounded up."""


def find_layout_faults(window: QWidget) -> list[str]:
    """Return a sentence for every visible text that is cut, and for every pair that overlaps.

    Elided labels may be short, since their tool tips have the whole text; a label that wraps is
    measured by its height at its width.
    """
    shown = [one for one in _texts(window) if one.isVisible() and not one.visibleRegion().isEmpty()]
    faults = [fault for one in shown if (fault := _find_cut(window, one))]
    boxes = [(one, _seen_box(window, one)) for one in shown]
    for place, (one, box) in enumerate(boxes):
        for other, other_box in boxes[place + 1 :]:
            is_inside = one.isAncestorOf(other) or other.isAncestorOf(one)
            if not is_inside and box.intersects(other_box):
                faults.append(f"{_name(one)} lies on {_name(other)}")
    return faults


def _texts(window: QWidget) -> Iterator[QWidget]:
    """Yield the widgets that show words."""
    yield from (one for one in window.findChildren(QLabel) if one.text())
    yield from (one for one in window.findChildren(QAbstractButton) if one.text())
    yield from (one for one in window.findChildren(ChipView) if one.word)


def _find_cut(window: QWidget, one: QWidget) -> str:
    box, hint = _box(window, one), one.minimumSizeHint()
    if isinstance(one, QLabel) and one.wordWrap():
        needs = one.heightForWidth(one.width())
        if needs > one.height() + SLACK:
            return f"{_name(one)} is cut: {one.height()} of {needs} pixels high"
    elif hint.height() > one.height() + SLACK:
        return f"{_name(one)} is cut: {one.height()} of {hint.height()} pixels high"
    elif not isinstance(one, ElidedLabel) and hint.width() > one.width() + SLACK:
        return f"{_name(one)} is cut: {one.width()} of {hint.width()} pixels wide"
    if one.visibleRegion().boundingRect().size() != one.size() and not _scrolls(one):
        return f"{_name(one)} is cut by what it is in"
    if not QRect(QPoint(), window.size()).contains(box):
        return f"{_name(one)} is off the window"
    return ""


def _scrolls(one: QWidget) -> bool:
    """Return whether a widget is in an area that scrolls."""
    parent = one.parentWidget()
    while parent is not None:
        if parent.objectName() == "qt_scrollarea_viewport":
            return True
        parent = parent.parentWidget()
    return False


def _box(window: QWidget, one: QWidget) -> QRect:
    return QRect(one.mapTo(window, QPoint()), one.size())


def _seen_box(window: QWidget, one: QWidget) -> QRect:
    """Return the box of what is seen of a widget: an area that scrolls hides the rest."""
    seen = one.visibleRegion().boundingRect() if _scrolls(one) else one.rect()
    return seen.translated(one.mapTo(window, QPoint()))


def _name(one: QWidget) -> str:
    words = getattr(one, "word", "") or getattr(one, "text", lambda: "")()
    return f"{type(one).__name__} “{words[:40]}”"
