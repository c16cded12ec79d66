"""Officers from files (人员导入): many rows at once, each judged as an entry would be."""
