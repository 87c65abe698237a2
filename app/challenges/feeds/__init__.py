"""What leaves for other people's calendars and feed readers: the dates of calls, and the calls that are announced."""
