"""The same table behind Django REST framework, a serializer and a `save` a post."""
