"""Rules about people as dated configuration: how long certificates last, what they demand, how names are shown."""
