"""The PySide6 desk: Qt-free view-models and their Qt views."""
