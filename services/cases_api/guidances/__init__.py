"""Cases guided by the departments that granted the powers (跟案指导): who guides, visits, advice, outcome."""
