"""The screens, the plain mode and the command line."""

__version__ = "1.0.0"
