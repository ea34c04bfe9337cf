// On a phone the drawer lies over the page: choosing a page closes it.

document.addEventListener("click", ({ target }) => {
  const link = target.closest?.('[data-testid="stSidebar"] [data-testid="stPageLink"] a');
  if (!link || !matchMedia("(max-width: 768px)").matches) return;
  document.querySelector('[data-testid="stSidebarCollapseButton"] button')?.click();
});
