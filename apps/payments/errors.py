"""The ways in which payments says no."""

from ecommerce.errors import Conflict, Invalid, NotFound, Unauthenticated, Unavailable


class NoPayment(NotFound):
    code = "payments/no-payment"
    title = "No such payment"


class NoRefund(NotFound):
    code = "payments/no-refund"
    title = "No such refund"


class NoCapture(NotFound):
    code = "payments/no-capture"
    title = "No such capture"


class NoAttempt(NotFound):
    code = "payments/no-attempt"
    title = "Nothing of that id was asked of the gateway"


class NoReversal(NotFound):
    code = "payments/no-reversal"
    title = "No such reversal"


class NoWebhook(NotFound):
    code = "payments/no-webhook"
    title = "No such webhook"


class UnknownProvider(NotFound):
    code = "payments/unknown-provider"
    title = "No such payment provider"


class PaymentChanged(Conflict):
    """A payment id was used again for another order or amount."""

    code = "payments/another-payment"
    title = "This payment id belongs to another payment"


class NotCapturable(Conflict):
    """More is to be captured than is authorized and not captured yet."""

    code = "payments/not-capturable"
    title = "That much is not authorized"


class NotVoidable(Conflict):
    """All of it was taken already: refund it instead."""

    code = "payments/not-voidable"
    title = "The payment can no longer be voided"


class NotRefundable(Conflict):
    """More is to be refunded than was captured and not refunded yet."""

    code = "payments/not-refundable"
    title = "That much was not captured"


class RefundDeclined(Conflict):
    """The bank would not give the money back; facts: ``decline_code``."""

    code = "payments/refund-declined"
    title = "The bank declined the refund"


class AmountMissing(Invalid):
    code = "payments/amount"
    title = "Amounts are whole minor units above zero, in the payment's currency"


class CardNumberSent(Invalid):
    """A payment method is named by the gateway's token; card numbers do not come into this house."""

    code = "payments/card-number-sent"
    title = "Send the payment provider's token, never a card number"


class BadSignature(Unauthenticated):
    """The webhook was not signed by the provider, or too long ago."""

    code = "payments/bad-signature"
    title = "The signature does not hold"


class UnreadableWebhook(Invalid):
    code = "payments/unreadable-webhook"
    title = "The webhook's body is not what its provider sends"


class GatewayAway(Unavailable):
    code = "payments/gateway-away"
    title = "The payment provider does not answer"
