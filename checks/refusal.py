"""What every refusal of something given has in common, apart from what it takes to find one."""


class Refused(ValueError):
    """What was typed, or is in a file, cannot be used. The text is the sentence that the user is shown."""
