"""The prompt screen: what the performer has to do now, on a screen of their own."""
