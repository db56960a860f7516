"""Vowel classification of voices, in processes of their own."""
