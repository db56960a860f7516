"""The take bin: what can stand in for a limb."""
