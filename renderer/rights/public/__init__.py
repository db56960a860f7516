"""Answer the public's question where a file comes from, on a page of this machine."""
