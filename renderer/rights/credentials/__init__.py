"""Sign and verify credentials: keys, decentralised identifiers, trust list, status lists."""
