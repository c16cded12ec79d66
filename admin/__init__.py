"""The command line of zhifa: admin scripts over REST, and the process starter."""
