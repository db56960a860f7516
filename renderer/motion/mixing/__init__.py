"""Which source moves which limb."""
