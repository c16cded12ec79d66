"""Rules of assignment, pure: `problems` (what is given), `directions` (no mutual pairs), `solving` (the optimum), `grounds`."""
