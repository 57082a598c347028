"""Limits of the HTTP servers of the web page and of Slack: connections, time, memory, log lines."""
