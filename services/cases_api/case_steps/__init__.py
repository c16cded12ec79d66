"""Steps of case files: added, corrected, taken out while the file is open."""
