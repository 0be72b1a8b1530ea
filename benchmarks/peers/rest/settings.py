"""Those of `usual`, with Django REST framework as its tutorial sets it up."""

from benchmarks.peers.usual import settings as usual
from benchmarks.peers.usual.settings import *  # noqa: F403

ROOT_URLCONF = "benchmarks.peers.rest.urls"
INSTALLED_APPS = [*usual.INSTALLED_APPS, "rest_framework"]
REST_FRAMEWORK = {"DEFAULT_AUTHENTICATION_CLASSES": []}  # it asks for no token, which favours it
