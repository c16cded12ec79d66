"""Class hours from files (学时导入): many rows at once, checked as one entry would be."""
