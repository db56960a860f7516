"""The show's log."""
