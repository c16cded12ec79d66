"""Scoreboard (任务进度总览): each task of a plan with the state of each unit, now or as recorded on a past day."""
