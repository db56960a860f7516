"""The panels, one folder each: a Qt-free model and a Qt view."""
