"""Results (评查结果): the final score of each file in each published round."""
