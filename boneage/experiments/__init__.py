"""Experiments about the method itself: how many labels it needs, and which measurements carry the age."""
