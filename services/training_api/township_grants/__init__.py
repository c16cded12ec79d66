"""Grants of enforcement powers (赋权) by departments to townships, dated: whose officers a department must train."""
