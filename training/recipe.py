"""What is mixed with what: groups of sources, and how often each is drawn in each phase of a run."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Group:
    """Sources that are drawn together.

    `start`, `middle` and `end` say how often the group is read per epoch of the whole mix, in the first tenth of a
    run, until the decay, and during the decay. `limit` bounds the pairs kept at preparation.
    """

    name: str
    sources: tuple[str, ...]
    start: float
    middle: float
    end: float
    limit: int | None = None


GROUPS = (
    Group("news", ("news",), 2, 3, 6),
    Group("parliament", ("europarl_20k_simt", "europarl_comtrans", "opennmt_wmt15_10k"), 1, 1.6, 1.5),
    Group("wiki", ("mlqe_pe_wikipedia", "xquad", "ud_pud"), 1, 2, 2.5),
    Group(
        "web",
        ("mozilla_engagement", "mozilla_www", "privacyguides", "opensource_guide", "bitcoin_org"),
        1.5, 2, 1.5,
    ),
    Group("projects", ("debian_news_misc", "debian_handbook"), 0.6, 1, 0.5),
    Group("everyday", ("tatoeba_manythings2018",), 1.2, 0.7, 0.25),
    Group("chat", ("bcontrast_chat", "shattered_pixel_dungeon"), 1, 0.8, 0.3),
    Group("suttas", ("suttacentral",), 1, 0.8, 0.2, limit=12_000),
    Group(
        "software",
        (
            "ms_dotnet", "ms_dynamics365_finance_operations", "ms_dynamics365_businesscentral",
            "ms_powershell", "ms_cpp", "ms_skype_teams",
        ),
        0.4, 0.8, 0.15, limit=90_000,
    ),
    Group(
        "manuals",
        (
            "manpages", "php_manual", "rust_book", "darktable_manual", "gnome_user_docs", "lilypond_manual",
            "gnucash_docs", "git_manpages", "flectra_odoo_docs", "debian_security",
        ),
        0.2, 0.4, 0.1, limit=40_000,
    ),
)  # fmt: skip

GROUP_OF = {source: group.name for group in GROUPS for source in group.sources}
START_SHARE = 0.1  # of the run: many short sentences, cheap and quick to learn from
DECAY_SHARE = 0.4  # of the run: learning rate falls linearly to zero, news comes twice as often


def draw_rates(progress: float) -> dict[str, float]:
    """Readings per epoch of each group at this share of the run (0 to 1)."""
    if progress < START_SHARE:
        return {group.name: group.start for group in GROUPS}
    if progress < 1 - DECAY_SHARE:
        return {group.name: group.middle for group in GROUPS}
    return {group.name: group.end for group in GROUPS}


def learning_share(progress: float) -> float:
    """The share of the full learning rate: constant, then linear to zero over the last DECAY_SHARE."""
    return min(1.0, max(0.0, (1 - progress) / DECAY_SHARE))
