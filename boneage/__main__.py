"""So that ``python -m boneage`` works too."""

from boneage.cli.main import main

if __name__ == "__main__":
    main()
