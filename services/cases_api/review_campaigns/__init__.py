"""Review campaigns (案卷评查活动): a year's review under one rubric."""
