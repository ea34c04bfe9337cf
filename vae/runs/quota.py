"""How many runs one visitor of a shared server may have waiting and training at a time."""

from vae.errors import UserError
from vae.files import owner, quota
from vae.runs import watch


def check(more: int = 1) -> None:
    """Raise `UserError` where who asks may not have so many more, or their folders are too large.

    At the machine nothing is counted.
    """
    if owner.asking().sees_all:
        return
    most = quota.allowed(quota.RUNS)
    active = sum(run.active for run in watch.runs() if quota.is_own(run.path))
    if active + more > most:
        asked, fewer = ("one more", "") if more == 1 else (f"{more} more", ", or ask for fewer")
        raise UserError(
            f"a visitor may have {most} runs waiting or training here; you have {active} and asked "
            f"for {asked}: wait until one ends or cancel one{fewer}"
        )
    quota.check_bytes()
