"""The pydantic layer: every rule on one record; dates, text, ids and views need no pydantic."""
