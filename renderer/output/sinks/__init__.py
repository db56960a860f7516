"""Sinks for packets: recordings, streams, HLS."""
