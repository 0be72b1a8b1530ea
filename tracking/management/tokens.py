"""How commands make tokens."""

from django.core.exceptions import ValidationError
from django.core.management.base import CommandError

from tracking.models import Token


def issue(token: Token) -> str:
    """Saves a new token and gives its secret. Raises CommandError when a field cannot be so."""
    secret = token.renew_secret()
    try:
        token.full_clean(exclude=["digest"])
    except ValidationError as error:
        raise CommandError(
            "; ".join(f"{name}: {' '.join(said)}" for name, said in error.message_dict.items())
        ) from error
    token.save()
    return secret
