"""The pool of reviewers (评查人员库): expertise, qualification, former units, absences."""
