"""The direction panel."""
