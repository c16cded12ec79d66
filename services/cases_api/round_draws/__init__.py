"""Drawing the files of a round: freeze, seed or witnesses, draw; later substitutes and growth."""
