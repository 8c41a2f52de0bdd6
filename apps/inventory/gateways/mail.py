"""Mail by the server that ``EMAIL_URL`` names."""

from django.core.mail import EmailMessage


def send_document(*, to: str, subject: str, text: str, name: str, csv: str) -> None:
    """Send a text with a CSV file. Raises OSError, what mail servers refuse among it."""
    message = EmailMessage(subject=subject, body=text, to=[to])
    message.attach(name, csv, "text/csv")
    message.send()
