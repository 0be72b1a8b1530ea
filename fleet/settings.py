"""Settings, all from the environment; `docs/operations.md` lists them."""

import os
import re
from datetime import timedelta
from importlib.util import find_spec
from pathlib import Path

import dj_database_url
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from fleet.environment import flag, number, secret_key, words, zone

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = Path(os.environ.get("FLEET_DATA_DIR", BASE_DIR / "var"))

DEBUG = flag("DEBUG")
SECRET_KEY = secret_key(DATA_DIR)
ALLOWED_HOSTS = words("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]")
CSRF_TRUSTED_ORIGINS = words("CSRF_TRUSTED_ORIGINS", "")
REDIS_URL = os.environ.get("REDIS_URL", "")

DATABASE_URL = os.environ.get("DATABASE_URL", f"sqlite:///{DATA_DIR / 'office.sqlite3'}")
TELEMETRY_URL = os.environ.get(
    "TELEMETRY_URL",
    f"sqlite:///{DATA_DIR / 'telemetry.sqlite3'}" if DATABASE_URL.startswith("sqlite:") else DATABASE_URL,
)
DATABASES = {"default": dj_database_url.parse(DATABASE_URL)}  # a request has a thread, and a connection, of its own
if DATABASE_URL.startswith("sqlite:"):
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

RETENTION_DAYS = number("FLEET_RETENTION_DAYS", 400, low=1, high=36_500)
SEAL_AFTER_HOURS = number("FLEET_SEAL_AFTER_HOURS", 6, low=1, high=876_000)
SHARE_DAYS = number("FLEET_SHARE_DAYS", 30, low=1, high=366)
AUDIT_DAYS = number("FLEET_AUDIT_DAYS", 400, low=1, high=36_500)
DRAIN_S = number("FLEET_DRAIN_S", 5, low=0, high=600)
METRICS_TOKEN = os.environ.get("FLEET_METRICS_TOKEN", "")
TILE_URL = os.environ.get("FLEET_TILE_URL", "")
TILE_ATTRIBUTION = os.environ.get("FLEET_TILE_ATTRIBUTION", "")
FLEET_TIME_ZONE = zone("FLEET_TIME_ZONE", "UTC")
BENCH_PAGE = flag("FLEET_BENCH_PAGE")
DEMO = flag("FLEET_DEMO")
SOCKETIO = flag("FLEET_SOCKETIO")
if SOCKETIO and find_spec("socketio") is None:
    raise ImproperlyConfigured("FLEET_SOCKETIO needs python-socketio: pip install -r requirements-socketio.txt")

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "axes",
    "channels",
    "csp",
    "django_vite",
    "ninja",
    "tracking",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "tracking.pages.busy.BusyMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "tracking.pages.language.language_middleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "fleet.urls"
ASGI_APPLICATION = "fleet.asgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "tracking.pages.front_end.fleet_zone",
            ]
        },
    }
]

CHANNEL_LAYERS = {
    "default": {
        "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
        "CONFIG": {"hosts": [REDIS_URL], "prefix": os.environ.get("FLEET_BUS_PREFIX", "fleet")},
    }
    if REDIS_URL
    else {"BACKEND": "channels.layers.InMemoryChannelLayer", "CONFIG": {"capacity": 10_000}}
}

AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "live"
LOGOUT_REDIRECT_URL = "login"

AXES_HANDLER = "tracking.pages.logins.LoginThrottle"
AXES_LOCKOUT_CALLABLE = "tracking.pages.logins.locked_out"
AXES_CLIENT_IP_CALLABLE = "tracking.transports.throttle.network_of"
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"], ["ip_address"]]
AXES_FAILURE_LIMIT = 5  # of one name from one address
LOGIN_FAILURES_OF_ADDRESS = 50  # many people share the address of an office
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_DISABLE_ACCESS_LOG = True
AXES_VERBOSE = False

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("sv", "Svenska"), ("de", "Deutsch")]  # as frontend/src/language.ts has them
LOCALE_PATHS = [BASE_DIR / "tracking" / "locale"]  # before the admin's, which says some words otherwise
LANGUAGE_COOKIE_NAME = "fleet_language"
LANGUAGE_COOKIE_AGE = 366 * 86_400
LANGUAGE_COOKIE_SAMESITE = "Lax"
TIME_ZONE = "UTC"
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "frontend" / "dist"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedStaticFilesStorage"},
}
VITE_HASHED_NAME = re.compile(r"^.+[.-][0-9A-Za-z_-]{8,12}\..+$")


def is_immutable(_path: str, url: str) -> bool:
    """Files that the front-end build named by their content may be kept for ever."""
    return "/assets/" in url and VITE_HASHED_NAME.match(url) is not None


WHITENOISE_IMMUTABLE_FILE_TEST = is_immutable
DJANGO_VITE = {"default": {"manifest_path": BASE_DIR / "frontend" / "dist" / "manifest.json"}}

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:", "blob:", *words("FLEET_TILE_ORIGINS", "")],
        "worker-src": [SELF, "blob:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_REFERRER_POLICY = "same-origin"
if flag("FLEET_BEHIND_TLS"):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SESSION_COOKIE_SECURE = True
    LANGUAGE_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": os.environ.get("LOG_LEVEL", "INFO").upper()},
    "loggers": {
        "django.channels.server": {"level": "WARNING"},
        "daphne": {"level": "WARNING"},
        "uvicorn.access": {"level": "WARNING"},
        "axes": {"level": "WARNING"},
        "socketio": {"level": "WARNING"},
    },
}
