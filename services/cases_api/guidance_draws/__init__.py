"""Drawing the cases of a round of guidance: freeze, seed or witnesses, draw; later substitutes and growth."""
