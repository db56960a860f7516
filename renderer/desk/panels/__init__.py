"""The panels: a model without Qt and a view with it, a folder each."""
