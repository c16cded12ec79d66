"""Class hours and compliance as workbooks and CSV files (学时导出)."""
