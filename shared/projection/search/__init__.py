"""Finding records by words: a read model that has the lists' tables and those of the search in one file."""
