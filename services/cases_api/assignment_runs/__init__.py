"""Assigning the files of a round to reviewers: seeded, replayable, with the reason of each pair."""
