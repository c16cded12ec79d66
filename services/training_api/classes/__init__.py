"""Training classes (培训班): what is taught, by whom, when, and how many hours it is worth."""
