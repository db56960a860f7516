"""Compare the renderer with peers, drawn in turn so that other load affects both."""
