"""The instructor's single-user server."""

c = get_config()  # noqa: F821 (Jupyter provides it)

# Formgrader is a page within JupyterLab's, and JupyterHub forbids any page in another.
# This allows it to pages of the same address, for the instructor alone. Where all users share one
# address, that lets in pages of students' servers: a hub for a campus gives each user their own.
c.ServerApp.tornado_settings = {
    "headers": {"Content-Security-Policy": "frame-ancestors 'self'"},
}
