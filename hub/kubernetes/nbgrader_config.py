"""nbgrader's settings on the campus: in the image as /etc/jupyter/nbgrader_config.py, for everyone.

The settings of the course itself are in its folder, in assignments/nbgrader_config.py.
"""

import os

from ngshare_exchange import configureExchange

c = get_config()  # noqa: F821 (nbgrader provides it)

c.CourseDirectory.course_id = "despatch963"

# The exchange is a service; there is no folder that students share.
configureExchange(c, os.environ["NGSHARE_URL"])

# Only an instructor's server is told where the gradebook is (values.yaml).
if gradebook := os.environ.get("DESPATCH963_GRADEBOOK"):
    c.CourseDirectory.db_url = gradebook
