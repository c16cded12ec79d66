"""Case files of past years from workbooks and CSV files (历史案卷导入)."""
