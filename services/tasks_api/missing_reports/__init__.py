"""Progress reports that did not come (未填报进展): noted for good, and told up the line until one comes."""
