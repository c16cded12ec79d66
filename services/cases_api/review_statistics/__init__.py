"""Statistics of case-file review (评查统计): coverage, grades, defects, inflation of self-review, and how reviewers agree."""
