"""Dated settings of training (培训设置): hours owed, conversion of days, share that may be missed, the coordinating unit."""
