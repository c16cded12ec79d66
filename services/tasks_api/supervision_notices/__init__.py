"""Supervision notices (督办函) and circulars (通报): numbered without gaps, with a reply date and the reply."""
