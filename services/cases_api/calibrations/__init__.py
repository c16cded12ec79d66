"""Calibration (试评): files with known scores, reviewed by everybody of the pool before a campaign."""
