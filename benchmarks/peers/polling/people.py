"""Makes a user for each of the session keys on stdin, logged in by it."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "benchmarks.peers.polling.settings")
    import django

    django.setup()
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.auth.models import User
    from django.contrib.sessions.backends.db import SessionStore
    from django.db import transaction

    with transaction.atomic():
        for number, key in enumerate(sys.stdin.read().split()):
            user = User.objects.create(username=f"dispatcher-{number}")
            session = SessionStore()
            session[SESSION_KEY] = str(user.pk)
            session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
            session[HASH_SESSION_KEY] = user.get_session_auth_hash()
            session.save()
            session.model.objects.filter(session_key=session.session_key).update(session_key=key)


if __name__ == "__main__":
    main()
