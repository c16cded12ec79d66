"""Case numbers (案号): gapless per unit, kind and year; never given twice."""
