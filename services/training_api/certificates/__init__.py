"""Certificates of officers (行政执法证): applied for, issued, suspended, ended; expired when their days say so."""
