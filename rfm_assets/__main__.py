"""`python -m rfm_assets` is `rfm`."""

from rfm_assets.cli import main

main()
