"""HTTP and the live sockets: one module per audience. Routes translate: parse, call, render."""
