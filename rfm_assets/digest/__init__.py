"""The weekly digest: the dashboard's Today as an e-mail and a file. It names no customer."""
