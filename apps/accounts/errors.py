"""The ways accounts can say no."""

from ecommerce.errors import Conflict, Invalid, NotFound, TooMany, Unauthenticated


class InvalidToken(Unauthenticated):
    code = "accounts/invalid-token"
    title = "The token is not valid, or not valid any more"


class WrongCredentials(Unauthenticated):
    code = "accounts/wrong-credentials"
    title = "The e-mail or the password is wrong"


class TooManyAttempts(TooMany):
    code = "accounts/too-many-attempts"
    title = "Too many failed sign-ins for this account"


class EmailTaken(Conflict):
    code = "accounts/email-taken"
    title = "There is an account with this e-mail"


class WeakPassword(Invalid):
    code = "accounts/weak-password"
    title = "The password is too easy to guess"


class WrongPassword(Invalid):
    code = "accounts/wrong-password"
    title = "The present password is wrong"


class InvalidRoles(Invalid):
    code = "accounts/invalid-roles"
    title = "These roles do not go together"


class TooManyAddresses(Conflict):
    code = "accounts/too-many-addresses"
    title = "The address book is full"


class UserNotFound(NotFound):
    code = "accounts/user-not-found"
    title = "There is no such user"


class SessionNotFound(NotFound):
    code = "accounts/session-not-found"
    title = "There is no such session"


class AddressNotFound(NotFound):
    code = "accounts/address-not-found"
    title = "There is no such address"


class ChannelNotFound(NotFound):
    code = "accounts/channel-not-found"
    title = "There is no such channel"
