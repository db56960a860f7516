"""The PySide6 desk: view-models without Qt, views with it."""
