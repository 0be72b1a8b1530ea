"""The least that a model needs; SQLite in the product's durability (WAL, synchronous FULL), PostgreSQL by default synchronous."""

import os

import dj_database_url

SECRET_KEY = "bench"
USE_TZ = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
INSTALLED_APPS = ["django.contrib.auth", "django.contrib.contenttypes", "rest_framework", "benchmarks.peers.store"]
DATABASES = {"default": dj_database_url.parse(os.environ["PEER_DATABASE"])}
if "sqlite" in DATABASES["default"]["ENGINE"]:
    DATABASES["default"]["OPTIONS"] = {"init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"}
else:
    DATABASES["default"]["OPTIONS"] = {"options": f"-c search_path={os.environ['PEER_SCHEMA']}"}
