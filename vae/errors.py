"""The one error that is meant for the person at the screen."""


class UserError(ValueError):
    """Bad input, told in one sentence that names the value, the cause and the remedy."""
