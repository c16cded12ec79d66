"""What is done with completion certificates: `acts` what people do, `making` the rows of new ones."""
