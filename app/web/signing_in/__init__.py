"""Who may: tokens for machines, passwords and sessions for people.

- ``access``       whose request it is, and what they may do
- ``logins``       checking passwords, few at once
- ``known_tokens`` tokens that were looked up a moment ago
- ``failures``     failed sign-ins on their way into the audit
"""
