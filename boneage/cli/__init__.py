"""The command line: thin, and quick to start because each command imports what it needs when it is called."""

from boneage.cli.main import main

__all__ = ["main"]
