"""Limits of the web page's and Slack's HTTP servers: connections, time, memory."""
