"""Takes fixes in: the rules that judge them and the group commit that keeps them."""
