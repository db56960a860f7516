"""Keep what is known of revoked and suspended documents, published or fetched."""
