"""How passwords are hashed."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class Argon2(Argon2PasswordHasher):
    """Argon2id with the parameters that OWASP recommends (19 MiB, two passes, one lane).

    Django's own take 100 MiB and eight lanes for each sign-in: a few at once would be an attack.
    """

    time_cost = 2
    memory_cost = 19 * 1024
    parallelism = 1
