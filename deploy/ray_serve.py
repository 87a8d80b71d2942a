"""The service on more than one machine: Ray Serve keeps several copies of it and hands requests round.

    pip install '.[cluster]' 'ray[serve]'
    serve run deploy.ray_serve:build                                # two copies, here or on the cluster this joins
    serve run deploy.ray_serve:build preset=hub copies=8 cpus=4

Each copy is the whole app with models and a queue of its own, without the page. What holds for one process (limits,
keys, metrics, readiness) holds for each, so divide a rate by their number, and scrape Ray's own metrics for the sum.
Ray Serve listens on port 8000 of 127.0.0.1; it is yours to put a proxy with TLS in front, and to set SUMMARIZER_API_KEYS
where others can reach it: nothing here refuses a public address.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ray import serve

if TYPE_CHECKING:
    from fastapi import FastAPI

DRAIN_SECONDS = 130.0  # the deadline of a request, and a little


@serve.ingress()
class Copy:
    """One copy. Ray Serve asks it for its app, and now and then for its health."""

    def __init__(self, presets: str) -> None:
        self.presets = presets.split(",")

    def __serve_build_asgi_app__(self) -> FastAPI:
        """The app, made where it runs."""
        import summarizer  # noqa: PLC0415 - on the machine that works, not on the one that deploys
        from summarizer.service.app import create_app  # noqa: PLC0415
        from summarizer.service.keys import keys_from  # noqa: PLC0415

        self.made = create_app(*map(summarizer.load, self.presets), api_keys=keys_from(), page=False)
        return self.made

    async def check_health(self) -> None:
        """A copy whose first sentence failed is replaced."""
        service = self.made.state.service
        if service.warmed and not service.desk.draining:
            service.check_ready()


def build(said: dict[str, str]) -> serve.Application:
    """The application for `serve run`: ``preset`` (default; several with commas), ``copies`` (2), ``cpus`` each (1)."""
    known: dict[str, Any] = {"preset": "default", "copies": "2", "cpus": "1"}
    if unknown := set(said) - set(known):
        raise ValueError(f"unknown: {', '.join(sorted(unknown))}; choose from {', '.join(known)}")
    chosen = {**known, **said}
    deployment = serve.deployment(
        Copy,
        name="summarizer",
        num_replicas=int(chosen["copies"]),
        ray_actor_options={"num_cpus": float(chosen["cpus"])},
        max_ongoing_requests=160,  # more than a copy's own places, so that it is the copy that refuses, with its reason
        graceful_shutdown_timeout_s=DRAIN_SECONDS,
    )
    return deployment.bind(chosen["preset"])
