"""Calendars (iCalendar, RFC 5545), loaded by readers where one is asked for."""
