"""Prints a new API token."""

from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError, CommandParser

from tracking.management.tokens import issue
from tracking.models import ApiToken


class Command(BaseCommand):
    help = "Makes a token with which a program reads what a user may see, and prints it, once."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")
        parser.add_argument("--label", default="", help="what to call the token in the admin")

    def handle(self, *args: Any, **options: Any) -> None:
        user = get_user_model().objects.filter(username=options["username"]).first()
        if user is None:
            raise CommandError(f"there is no user {options['username']!r}")
        secret = issue(ApiToken(user=user, label=options["label"]))
        self.stderr.write(f"For {user}, shown this once. Send it as: Authorization: Bearer …")
        self.stdout.write(secret)
