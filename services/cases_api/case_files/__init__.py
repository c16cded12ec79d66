"""Case files (案卷): what a unit did in one case, from filing to the archive."""
