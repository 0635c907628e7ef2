"""A file that cannot be read at all, with the sentence that says why."""

from regie.kernel.errors import RegieError


class UnreadableFile(RegieError):
    """The file as a whole is refused; nothing of it was imported."""

    code = "unreadable_file"
