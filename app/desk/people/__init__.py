"""The login, the accounts of the desk, the tokens of machines, and the sessions there are."""
