"""Local files on their way in: AuthorizeFileUpload hands out a signed policy, PostObject takes the file under it.

Nothing is kept between the two: key and policy carry, signed, all that the server has to know, so any replica can take the
file and any replica can read it.
"""

from koutu.server.uploads.post import PostObject
from koutu.server.uploads.uploads import Uploads

__all__ = ["PostObject", "Uploads"]
