"""Slack, through slack-bolt: Socket Mode or HTTP, one workspace or many."""
