"""A study, a question and a method in; an answer with its provenance out."""
