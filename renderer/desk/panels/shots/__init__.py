"""The multiview: every camera's shot."""
