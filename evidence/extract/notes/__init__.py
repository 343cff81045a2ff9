"""The text of a note -> its identifiers with their roles, its one work, and what it states of that."""
