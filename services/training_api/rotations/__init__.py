"""Full rotation (全员轮训): whether all officers of an organ took part in a class of that kind in the year."""
