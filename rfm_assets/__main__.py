"""`python -m rfm_assets` is `rfm`."""

from rfm_assets.commands.main import main

main()
