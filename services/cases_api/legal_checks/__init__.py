"""The legal check (合法性检查): defects of a case by the rules P01 to P26, with the dates and the sum behind each."""
