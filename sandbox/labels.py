"""Shipping labels: A6 PDF with the address, a Code 128 bar code and a QR code of the tracking number."""

import io
from typing import Any

_WEIGHTS = (8, 6, 4, 2, 3, 5, 9, 7)


def tracking_number(serial: int, country: str) -> str:
    """An S10 number of the Universal Postal Union: service, eight digits, check digit, country."""
    digits = f"{serial % 10**8:08d}"
    rest = 11 - sum(int(d) * w for d, w in zip(digits, _WEIGHTS, strict=True)) % 11
    check = {10: 0, 11: 5}.get(rest, rest)
    return f"SB{digits}{check}{country}"


def label_pdf(*, tracking: str, service: str, sender: dict[str, Any], to: dict[str, Any]) -> bytes:
    """The label as PDF. reportlab is loaded only here, so that the gateway starts at once."""
    from reportlab.graphics.barcode import code128, qr
    from reportlab.graphics.shapes import Drawing
    from reportlab.lib.pagesizes import A6
    from reportlab.lib.units import mm
    from reportlab.pdfgen.canvas import Canvas

    page = io.BytesIO()
    canvas = Canvas(page, pagesize=A6, pageCompression=1, invariant=1)
    canvas.setTitle(f"Label {tracking}")
    width, height = A6
    canvas.setFont("Helvetica-Bold", 14)
    canvas.drawString(8 * mm, height - 12 * mm, f"SANDBOX PARCEL  {service.upper()}")
    canvas.line(8 * mm, height - 15 * mm, width - 8 * mm, height - 15 * mm)
    _address(canvas, "From", sender, 8 * mm, height - 21 * mm, 8)
    _address(canvas, "To", to, 8 * mm, height - 52 * mm, 12)
    bars = code128.Code128(tracking, barHeight=18 * mm, barWidth=0.33 * mm)
    bars.drawOn(canvas, 4 * mm, 18 * mm)
    canvas.setFont("Courier-Bold", 12)
    canvas.drawCentredString(width / 2, 10 * mm, tracking)
    code = qr.QrCodeWidget(tracking, barLevel="M")
    left, bottom, right, top = code.getBounds()
    side = 24 * mm
    drawing = Drawing(
        side, side, transform=[side / (right - left), 0, 0, side / (top - bottom), 0, 0]
    )
    drawing.add(code)
    drawing.drawOn(canvas, width - side - 6 * mm, height - 45 * mm)
    canvas.save()
    return page.getvalue()


def _address(
    canvas: Any, title: str, address: dict[str, Any], x: float, y: float, size: int
) -> None:
    canvas.setFont("Helvetica", 7)
    canvas.drawString(x, y, title)
    canvas.setFont("Helvetica", size)
    for line in _lines(address):
        y -= size * 1.25
        canvas.drawString(x, y, line[:38])


def _lines(address: dict[str, Any]) -> list[str]:
    town = f"{address.get('postalCode', '')} {address.get('city', '')}".strip()
    parts = [address.get(name, "") for name in ("name", "line1", "line2")]
    return [str(part) for part in (*parts, town, address.get("country", "")) if part]
