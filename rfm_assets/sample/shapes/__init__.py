"""The sample shop as other systems export it, one module per shape: a header, and the rows of an order.

Belongs here: how each system writes orders, with its quirks and with records that are not sales. Does not: reading
exports. `rfm_assets/exports/` shares no code with this, so that each tests the other.
"""

from collections.abc import Mapping

from rfm_assets.sample.shapes import (
    amazon,
    bigcommerce,
    dunnhumby,
    events,
    lightspeed,
    magento,
    olist,
    online_retail,
    sap,
    shopify,
    square,
    stripe,
    woocommerce_analytics,
    woocommerce_lines,
)
from rfm_assets.sample.shapes.shape import Shape

_MODULES = (
    online_retail,
    shopify,
    woocommerce_lines,
    woocommerce_analytics,
    square,
    stripe,
    amazon,
    bigcommerce,
    magento,
    lightspeed,
    olist,
    dunnhumby,
    sap,
    events,
)
SHAPES: Mapping[str, Shape] = {module.SHAPE.name: module.SHAPE for module in _MODULES}
"""The shapes, by the name of the preset that reads each."""
