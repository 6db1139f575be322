"""content/ -> Library, or ContentError listing every problem as path:line: message.

A content set with a problem is never served in part. A translation that the English
text has left behind is no problem: it is served, and says that it is outdated.
"""

from api.loader.library import check_content, load_library
from api.loader.problems import ContentError

__all__ = ["ContentError", "check_content", "load_library"]
