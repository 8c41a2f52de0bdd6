"""How buffers, files and devices are told no."""

from ecommerce.errors import Invalid, NotFound


class NegativeBuffer(Invalid):
    code = "inventory/negative-buffer"
    title = "A buffer holds back no less than nothing"


class NoBuffer(NotFound):
    code = "inventory/no-buffer"
    title = "No such buffer"


class NotAStockFile(Invalid):
    code = "inventory/not-a-stock-file"
    title = "The file is not of its format"


class NoDeviceLetter(NotFound):
    code = "inventory/no-device-letter"
    title = "No such message waits"
