"""Templates of documents (执法文书格式): versions, publicity, and the elements a document must hold (plan task 8)."""
