"""Reviews (评查): what one reviewer found in one case file, and the score that follows from it."""
