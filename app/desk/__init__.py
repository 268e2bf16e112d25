"""The results desk: a room for each thing people do here, with its routes and its view side by side.

- ``board``  the night as work: of every contest, what it waits for
- ``entry``  the form that a result or a tally is keyed into: fields, checks, consequences
- ``files``  a whole council's results from a spreadsheet, ward by ward
- ``holding``  a change of control that waits a moment before readers see it
- ``signing_off``  a council against the returning officer's totals
- ``queue``  the second check: who waits for whom
- ``notes``  what the desk notes for itself, and readers never see
- ``photos`` the sheets that results are read from
- ``offline`` pages that a browser keeps for when there is no network
- ``acts``   what editors do beside declaring: withdraw, tell a status, write a note
- ``room``   who covers which count and when it is expected, whom to phone, the handover, what each person did
- ``audit``  who did what, found, exported and verified
- ``exercise`` sheets to key from, on the server of an exercise
- ``people`` the login, accounts, tokens and sessions
- ``frame``  what surrounds every page; ``parts`` what every route begins with; ``uploads`` a file that is sent
"""
