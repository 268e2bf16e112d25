"""What is held is tried on both databases."""

from tests.store.conftest import database, postgres, postgres_template, postgres_url, sqlite_url, url

__all__ = ["database", "postgres", "postgres_template", "postgres_url", "sqlite_url", "url"]
