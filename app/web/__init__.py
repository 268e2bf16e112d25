"""What all routes share: a server's parts, who may, what errors mean, headers, reads kept in memory, health.

Routes translate: parse, call, render. They are in the rooms of what they show.
"""
