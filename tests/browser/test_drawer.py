"""The sidebar as a drawer on a phone."""

from playwright.sync_api import Browser, expect

REACHED = """() => [...document.querySelectorAll("[data-testid=stSidebar] *")].filter(
  (element) => element.tabIndex >= 0 && element.checkVisibility({ visibilityProperty: true })
).length"""
LINK = "document.querySelector('[data-testid=stSidebar] [data-testid=stPageLink] a')"
# what a finger presses, in Streamlit's parts and in ours; a link for the keyboard alone is 1 x 1;
# while the drawer glides, a box of 40 px is read as 39.99999
SMALL = """() => {
  const roots = [document];
  for (const root of roots) for (const element of root.querySelectorAll("*"))
    if (element.shadowRoot) roots.push(element.shadowRoot);
  return roots.flatMap((root) => [...root.querySelectorAll("button, a[href], select, summary")])
    .filter((element) => element.checkVisibility({ visibilityProperty: true }))
    .map((element) => [element.getAttribute("aria-label") ?? element.textContent,
      element.getBoundingClientRect()])
    .filter(([, box]) => box.width > 1 && Math.min(box.width, box.height) < 39.99)
    .map(([name, box]) => `${name}: ${box.width} x ${box.height}`);
}"""


def test_a_page_link_closes_the_drawer_and_a_closed_one_holds_no_tab_stops(
    browser: Browser, server: str
) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True)
    page = context.new_page()
    page.goto(server, wait_until="domcontentloaded")
    expect(page.get_by_role("heading", name="Explore", exact=True)).to_be_visible(timeout=60_000)
    page.wait_for_function(f"() => ({REACHED})() === 0")
    page.get_by_role("button", name="Expand sidebar").click()
    # it glides in
    page.wait_for_function(f"() => ({REACHED})() > 0 && {LINK}.getBoundingClientRect().width > 150")
    # what came last may still be growing to its size
    page.wait_for_function(f"() => ({SMALL})().length === 0")
    page.get_by_role("link", name="Train").click()
    expect(page.get_by_role("heading", name="Train", exact=True)).to_be_visible()
    page.wait_for_function(f"() => ({REACHED})() === 0")
    context.close()
