"""The command line `rfm`, one module per command. Commands call the other packages; nothing imports them."""
