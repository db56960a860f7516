"""The stage times panel."""
