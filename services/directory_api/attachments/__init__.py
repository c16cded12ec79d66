"""Attachments (附件): evidence files, stored once by content, downloaded by the right of what they prove."""
