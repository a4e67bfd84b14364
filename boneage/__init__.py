"""Bone age from a hand radiograph, with every step open to view."""

__version__ = "0.1.0"
