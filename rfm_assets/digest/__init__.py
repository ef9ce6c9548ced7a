"""The weekly digest: what Today says, as an e-mail and a file. It names no customer."""
