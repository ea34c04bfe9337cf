"""Choosing from one of Streamlit's lists."""

from playwright.sync_api import Locator


def choose_from(picker: Locator, option: str) -> None:
    """Type the name of an option, since a list of many shows only some at once, and choose it."""
    picker.click()
    picker.fill(option)
    picker.page.get_by_role("option", name=option, exact=True).click()
