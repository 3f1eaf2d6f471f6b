"""A review as one HTML file: `as_html`. What each part of the page shows is worked out in a module of its own."""

from review.renderers.html.page import as_html

__all__ = ["as_html"]
