"""How far each granting department has come with its share of cases to guide."""
