"""Units (单位): the organs of a district, their codes and their place in the tree."""
