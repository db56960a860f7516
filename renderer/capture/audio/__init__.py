"""Voices: vowels from sound, in a process of their own."""
