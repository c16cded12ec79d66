"""The list of problems (突出问题清单) of the plan's task 6: found, put right, checked by somebody else, struck off."""
