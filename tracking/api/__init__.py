"""REST over what was stored: vehicles, tracks, regions and visits, as `/api/v1/docs` describes them."""
