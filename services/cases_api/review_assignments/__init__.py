"""Review assignments (评查分派): one case file given to one reviewer."""
