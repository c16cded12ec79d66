"""Progress reports (进展填报): what a unit tells of an assignment; rows are only ever added."""
