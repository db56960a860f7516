"""Build the synthetic performers for tests and the demo."""
