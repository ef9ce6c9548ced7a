"""The command line `rfm`: one module for each command. They call the packages below; nothing imports them."""
