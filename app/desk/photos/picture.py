"""What is kept of a photo: a JPEG of our own making, in which nothing is left of where and with what it was taken."""

from io import BytesIO

from PIL import Image, ImageOps, UnidentifiedImageError

LARGEST = 2 * 1024 * 1024
"""Bytes of a photo, as it is sent and as it is kept."""

MOST_PIXELS = 16_000_000
"""Beyond a phone's usual 12 million: what is decoded takes three bytes for each."""

LONGEST_SIDE = 2400
"""Pixels to which a photo is made smaller: the figures of a sheet of paper are legible at that."""

QUALITIES = (85, 70, 50)

FORMATS = ("JPEG", "PNG", "WEBP")


class NotAPhoto(Exception):
    """What was sent is no photo that can be kept; the text says what to do."""


def cleaned(content: bytes) -> bytes:
    """``content``, which is a JPEG, PNG or WebP whatever it is called, decoded and made anew; raises NotAPhoto.

    Upright, without EXIF, comments or anything else beside the picture. Takes some tenths of a second.
    """
    try:
        with Image.open(BytesIO(content), formats=FORMATS) as image:
            if image.width * image.height > MOST_PIXELS:
                raise NotAPhoto(
                    f"This photo has more than {MOST_PIXELS // 1_000_000} million pixels: take it at a lower setting."
                )
            # A large JPEG is decoded at a half of its size, or less.
            image.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
            picture = ImageOps.exif_transpose(image).convert("RGB")
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError, Image.DecompressionBombError):
        raise NotAPhoto("This is no photo that can be read: send a JPEG, PNG or WebP.") from None
    picture.info = {}
    picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    made = (_saved(picture, quality) for quality in QUALITIES)
    small = next((content for content in made if len(content) <= LARGEST), None)
    if small is None:
        raise NotAPhoto("This photo cannot be made smaller than 2 MB: crop it to the sheet.")
    return small


def _saved(picture: Image.Image, quality: int) -> bytes:
    made = BytesIO()
    picture.save(made, "JPEG", quality=quality)
    return made.getvalue()
