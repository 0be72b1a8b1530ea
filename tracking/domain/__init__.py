"""What the field knows: values and rules, without Django, database, network or clock."""
