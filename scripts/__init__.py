"""One door to the platform for operators: ``python -m scripts --help``."""
