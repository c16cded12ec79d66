"""What goes in and out of case files: `bodies` as sent, `lists` as read, `parties` the party both ways."""
