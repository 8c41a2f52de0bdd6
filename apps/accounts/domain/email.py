"""One normal form of an e-mail address, so that one person has one account."""


def normal_email(address: str) -> str:
    """Small letters, no blanks around it, the domain in its ASCII form (IDNA).

    What cannot be an address is returned as it is: saying so is the validator's part.
    """
    local, at, domain = address.strip().lower().rpartition("@")
    try:
        domain = domain.encode("idna").decode("ascii")
    except UnicodeError:
        return address.strip().lower()
    return f"{local}{at}{domain}"
