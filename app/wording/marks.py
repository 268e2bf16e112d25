"""What stands over a page that is not to be taken for the newest results."""

TEST_LINE = "TEST. This is a rehearsal: nothing here is a result."
"""The mark of a rehearsal, wherever there is room for a sentence."""

TEST_SENTENCE = "TEST, a rehearsal. "
"""The same before what is read out."""

TEST_MARK = "TEST: "
"""The same before a title, or a line that is copied."""

NOT_CURRENT_LINE = "Not current. The newest results cannot be shown here just now."
"""What a page says while it is not known here how the night goes on."""
