"""How much of the live page a person may keep under names."""

MOST_VIEWS = 50  # of one person
MAX_VIEW_NAME_CHARS = 60
MAX_VIEW_QUERY_CHARS = 4_000  # 200 vehicles selected together, named by slugs
