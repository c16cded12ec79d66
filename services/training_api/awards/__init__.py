"""Awards (表彰奖励) of officers and units, passes of the national legal examination among them."""
