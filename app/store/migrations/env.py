"""Run by Alembic: the revisions, on the connection and in the transaction that were handed in."""

from alembic import context

context.configure(connection=context.config.attributes["connection"], render_as_batch=True)
context.run_migrations()
