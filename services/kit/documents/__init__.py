"""Papers as governments send them (公文): one model, set as PDF or written as .docx by bounded child processes, with charts."""
