"""What surrounds the program, whatever it does: its folders, origins, memory, loop and log lines.

- ``folders``     where templates, static files and the bundled night are
- ``origins``     our own address as readers see it, and others that whoever runs a server gives it
- ``logs``        lines for whoever runs a server, and floods of them summed up
- ``descriptors`` how many connections there may be
- ``pauses``      how long to wait before something is tried again
- ``turns``       long work on the event loop, a little at a time
- ``lasting``     what lives all night, kept from the garbage collector
- ``strict_json`` what is JSON, and how ours is written
- ``version``     of this program
- ``failures``    what a command says when it cannot do what it was asked
"""
