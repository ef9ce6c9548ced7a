"""The UI's metadata of a day's clusters: figures to plot over days, and a picture."""

from base64 import b64encode
from datetime import date
from typing import TYPE_CHECKING, Any

import dagster as dg

if TYPE_CHECKING:
    from rfm_assets.ml.clustering import DayClusters


def figures_and_picture(day: date, found: "DayClusters", *, with_picture: bool) -> dict[str, Any]:
    """The metadata of a day, with a note if silhouettes are sampled, or if nothing could be clustered."""
    said: dict[str, Any] = {"customers": len(found.customer_clusters), "clusters": found.chosen_k or 0}
    if found.silhouette is not None:
        said["silhouette"] = found.silhouette
    if found.silhouette_is_sampled:
        said["silhouette_sample"] = (
            f"Silhouettes are measured on a sample of {found.silhouette_customers:,} customers, drawn by a fixed "
            "seed, since all of them are too many."
        )
    if found.unclustered_because:
        said["unclustered_because"] = found.unclustered_because
    if with_picture and len(found.customer_clusters):
        said["picture"] = dg.MetadataValue.md(_embedded(day, found))
    return said


def _embedded(day: date, found: "DayClusters") -> str:
    from rfm_assets.ml.picture import picture

    return f"![Clusters as of {day}](data:image/svg+xml;base64,{b64encode(picture(day, found).encode()).decode()})"
