"""What tests of several packages share; what one package alone needs stands in that package."""
