"""Unit groups (单位组): units named together in documents, with dated membership."""
