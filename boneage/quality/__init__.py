"""The quality gate: what a film must be for an age to be read from it, and what a reader is warned of.

One file a family of checks; `boneage.quality.registry` lists them all, `boneage.quality.gate` makes them.
"""
