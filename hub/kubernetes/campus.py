"""What the hub decides for each server when it starts, by what the LMS says of its owner.

JupyterHub loads it (values.yaml, hub.extraFiles). Instructors' servers have formgrader and know the
gradebook; students' have neither, and no password to either stands in their pods.
"""

import os

ROLES = "https://purl.imsglobal.org/spec/lti/claim/roles"
TEACHING = (
    "http://purl.imsglobal.org/vocab/lis/v2/membership#Instructor",
    "http://purl.imsglobal.org/vocab/lis/v2/membership/Instructor#TeachingAssistant",
)
SETTINGS = "/opt/despatch963/roles"


async def by_role(spawner):
    """Give a server the settings of its owner's role in the LMS's course; of none, a student's."""
    state = await spawner.user.get_auth_state() or {}
    teaches = any(role in TEACHING for role in state.get(ROLES, ()))
    role = "instructor" if teaches else "student"
    spawner.environment = {
        **spawner.environment,
        "JUPYTER_CONFIG_PATH": f"{SETTINGS}/{role}:{SETTINGS}/everyone",
    }
    spawner.extra_labels = {**spawner.extra_labels, "despatch963": role}
    if teaches:
        spawner.environment["DESPATCH963_GRADEBOOK"] = os.environ["DESPATCH963_GRADEBOOK"]


c = get_config()  # noqa: F821 (JupyterHub provides it)
c.Spawner.pre_spawn_hook = by_role
