"""The campus's settings, as far as they can be tried without a cluster and without an LMS.

What is tried in its own program: the hub's configuration and an LTI 1.3 launch in JupyterHub, the
graders' commands in Dask, the wheel that the image's recipe makes. The rest is read.
"""

import asyncio
import http.cookiejar
import http.server
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
import zipfile
from types import SimpleNamespace

import pytest
from campus import KUBERNETES, MANIFESTS, PODS, VALUES, free_ports, started
from conftest import ROOT

CONFIG = VALUES["hub"]["config"]
LTI = "https://purl.imsglobal.org/spec/lti/claim/"
INSTRUCTOR = "http://purl.imsglobal.org/vocab/lis/v2/membership#Instructor"
LEARNER = "http://purl.imsglobal.org/vocab/lis/v2/membership#Learner"

slow = pytest.mark.slow
not_on_windows = pytest.mark.skipif(os.name == "nt", reason="JupyterHub does not run on Windows")


# Who is who.


def by_role(state, **more):
    """Run campus.py as the hub does and return the spawner that it has set up."""
    config = SimpleNamespace(Spawner=SimpleNamespace())
    exec(
        (KUBERNETES / "campus.py").read_text("utf-8"),
        (space := {"get_config": lambda: config, "__name__": "campus"}),
    )
    assert config.Spawner.pre_spawn_hook is space["by_role"]

    async def get_auth_state():
        return state

    spawner = SimpleNamespace(
        user=SimpleNamespace(get_auth_state=get_auth_state), environment={}, extra_labels=more
    )
    asyncio.run(config.Spawner.pre_spawn_hook(spawner))
    return spawner


@pytest.mark.parametrize("state", [None, {}, {f"{LTI}roles": [LEARNER]}])
def test_a_student_s_server_gets_no_gradebook_and_no_formgrader(state, monkeypatch):
    monkeypatch.setenv("DESPATCH963_GRADEBOOK", "postgresql+psycopg://secret")
    spawner = by_role(state)
    settings = "/opt/despatch963/roles/student:/opt/despatch963/roles/everyone"
    assert spawner.environment == {"JUPYTER_CONFIG_PATH": settings}
    assert spawner.extra_labels == {"despatch963": "student"}


def test_who_teaches_by_the_lms_gets_the_gradebook_and_may_reach_the_graders(monkeypatch):
    monkeypatch.setenv("DESPATCH963_GRADEBOOK", "postgresql+psycopg://secret")
    spawner = by_role({f"{LTI}roles": [LEARNER, INSTRUCTOR]}, app="jupyterhub")
    assert spawner.environment["DESPATCH963_GRADEBOOK"] == "postgresql+psycopg://secret"
    assert spawner.environment["JUPYTER_CONFIG_PATH"].startswith("/opt/despatch963/roles/instr")
    assert spawner.extra_labels == {"app": "jupyterhub", "despatch963": "instructor"}


@slow
@pytest.mark.parametrize("gradebook", ["postgresql+psycopg://grader@db/gradebook", None])
def test_nbgrader_on_a_server_goes_by_ngshare_and_by_the_gradebook_it_is_told(gradebook, tmp_path):
    pytest.importorskip("rapidfuzz", reason="ngshare_exchange is not installed (hub/kubernetes)")
    settings, course = tmp_path / "everyone", tmp_path / "course"
    for folder, source in ((settings, KUBERNETES), (course, ROOT / "assignments")):
        folder.mkdir()
        shutil.copy(source / "nbgrader_config.py", folder)
    told = {"DESPATCH963_GRADEBOOK": gradebook} if gradebook else {}
    script = """
from pathlib import Path
from despatch963.grading import settings
found = settings.autograder(Path.cwd(), "01-who-is-speaking")
print(found.coursedir.db_url, found.parent.config.ExchangeFactory.submit.__module__)
print(found.parent.config.ExchangeFactory.exchange().ngshare_url)
"""
    run = subprocess.run(
        [sys.executable, "-c", script],
        cwd=course,
        env={
            **{name: value for name, value in os.environ.items() if "JUPYTER" not in name},
            **told,
            "JUPYTER_CONFIG_PATH": str(settings),
            "JUPYTERHUB_USER": "inst",
            "NGSHARE_URL": VALUES["singleuser"]["extraEnv"]["NGSHARE_URL"],
        },
        capture_output=True,
        text=True,
        check=True,
    )
    database, exchange, url = run.stdout.split()
    assert database == (gradebook or f"sqlite:///{course / 'gradebook.db'}")
    assert exchange == "ngshare_exchange.submit"
    assert url == "http://ngshare:8080/services/ngshare"


# A launch from the LMS, in a real hub: only the LMS is ours.


def new_key():
    rsa = pytest.importorskip("cryptography.hazmat.primitives.asymmetric.rsa")
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


class Lms:
    """An LMS's side of LTI 1.3: its key, where that is published, and the tokens it signs."""

    def __init__(self):
        jwt = pytest.importorskip("jwt", reason="PyJWT is not installed (extra: campus)")
        self.encode = jwt.encode
        self.key = new_key()
        public = jwt.algorithms.RSAAlgorithm.to_jwk(self.key.public_key(), as_dict=True)
        keys = json.dumps({"keys": [{**public, "kid": "1", "alg": "RS256", "use": "sig"}]})

        class Page(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                self.send_response(200)
                self.end_headers()
                self.wfile.write(keys.encode())

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Page)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def token(self, asked, key=None, **claims):
        now = int(time.time())
        said = {
            "iss": self.url,
            "aud": "the-hub",
            "sub": "opaque",
            "iat": now,
            "exp": now + 60,
            "nonce": asked["nonce"],
            f"{LTI}version": "1.3.0",
            f"{LTI}deployment_id": "1",
            f"{LTI}message_type": "LtiResourceLinkRequest",
            f"{LTI}target_link_uri": "https://hub/",
            f"{LTI}resource_link": {"id": "1"},
            f"{LTI}roles": [LEARNER],
            f"{LTI}custom": {"login": "ada"},
            **claims,
        }
        return self.encode(said, key or self.key, algorithm="RS256", headers={"kid": "1"})


@pytest.fixture(scope="module")
def launched(tmp_path_factory):
    """The hub by values.yaml and campus.py, with a trial LMS in the place of the campus's."""
    pytest.importorskip("ltiauthenticator", reason="its package is not installed (extra: campus)")
    lms = Lms()
    config = json.loads(json.dumps(CONFIG))
    config["LTI13Authenticator"] |= {
        "issuer": lms.url,
        "authorize_url": f"{lms.url}/authorize",
        "jwks_endpoint": f"{lms.url}/keys",
        "client_id": ["the-hub"],
        "uri_scheme": "http",
    }
    more = f"""
for name, settings in {config!r}.items():
    c[name].update(settings)
load_subconfig({str(KUBERNETES / "campus.py")!r})
c.JupyterHub.redirect_to_server = False
"""
    with started(tmp_path_factory.mktemp("launched"), more) as hub:
        hub.wait(f"{hub.url}/health")
        yield SimpleNamespace(hub=hub, lms=lms)
    lms.server.shutdown()


def launch(launched, **token):
    """Follow a link to the hub in the LMS; return the hub's status and page."""
    hub, lms = launched.hub, launched.lms
    jar = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
    browser = urllib.request.build_opener(jar)
    first = {
        "iss": lms.url,
        "login_hint": "7",
        "client_id": "the-hub",
        "target_link_uri": hub.url,
    }
    with browser.open(f"{hub.url}/lti13/oauth_login?{urllib.parse.urlencode(first)}") as sent:
        asked = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(sent.url).query))
    assert asked["redirect_uri"] == f"{hub.url}/lti13/oauth_callback"
    assert sent.url.startswith(f"{lms.url}/authorize?")
    said = {"id_token": lms.token(asked, **token), "state": asked["state"]}
    try:
        with browser.open(
            f"{hub.url}/lti13/oauth_callback", urllib.parse.urlencode(said).encode()
        ) as page:
            return page.status, page.read().decode()
    except urllib.error.HTTPError as refused:
        return refused.code, refused.read().decode()


@slow
@not_on_windows
def test_a_launch_from_the_lms_logs_in_by_the_name_that_the_lms_s_roster_has(launched):
    status, page = launch(launched)
    assert status == 200 and "ada" in page
    assert [user["name"] for user in launched.hub.api("users")] == ["ada"]


@slow
@not_on_windows
def test_the_role_in_the_lms_is_kept_for_when_the_server_starts(launched):
    launch(launched, **{f"{LTI}custom": {"login": "inst"}, f"{LTI}roles": [INSTRUCTOR]})
    state = launched.hub.api("users/inst")["auth_state"]
    assert by_role_of(state) == "instructor"
    launch(launched)
    assert by_role_of(launched.hub.api("users/ada")["auth_state"]) == "student"


def by_role_of(state):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DESPATCH963_GRADEBOOK", "postgresql+psycopg://secret")
        return by_role(state).extra_labels["despatch963"]


@slow
@not_on_windows
@pytest.mark.parametrize("wrong", ["key", "aud", "nonce", "exp"])
def test_a_token_that_is_not_the_lms_s_for_this_hub_and_now_lets_nobody_in(launched, wrong):
    change = {
        "key": {"key": new_key()},
        "aud": {"aud": "another-tool"},
        "nonce": {"nonce": "another"},
        "exp": {"exp": int(time.time()) - 3600},
    }[wrong]
    status, _ = launch(launched, **{f"{LTI}custom": {"login": "eve"}, **change})
    assert status in (400, 401)
    assert "eve" not in [user["name"] for user in launched.hub.api("users")]


# Read.

# The part of the chart's own schema (jupyterhub/values.schema.yaml of Zero to JupyterHub) that the
# values touch: the fields that it allows, and no others; {} is free.
SCHEMA = {
    "hub": {
        "config": {},
        "extraFiles": {"*": {"mountPath": {}, "stringData": {}, "data": {}, "mode": {}}},
        "extraEnv": {},
        "services": {"*": {key: {} for key in ("name", "admin", "command", "url", "apiToken")}},
        "loadRoles": {
            "*": {key: {} for key in ("name", "description", "scopes", "users", "groups")}
        },
    },
    "proxy": {"https": {"enabled": {}, "hosts": {}, "letsencrypt": {"contactEmail": {}}}},
    "singleuser": {
        "image": {"name": {}, "tag": {}, "pullPolicy": {}},
        "defaultUrl": {},
        "cpu": {"guarantee": {}, "limit": {}},
        "memory": {"guarantee": {}, "limit": {}},
        "storage": {"type": {}, "capacity": {}, "homeMountPath": {}},
        "extraEnv": {},
        "networkPolicy": {
            "enabled": {},
            "egress": {},
            "egressAllowRules": {
                "cloudMetadataServer": {},
                "dnsPortsPrivateIPs": {},
                "nonPrivateIPs": {},
                "privateIPs": {},
            },
        },
    },
    "cull": {"enabled": {}, "timeout": {}, "every": {}, "maxAge": {}},
}


def strangers(values, schema, path=""):
    """Return the fields of `values` that the schema does not know."""
    if not schema or not isinstance(values, dict):
        return []
    found = []
    for name, value in values.items():
        below = schema.get(name, schema.get("*"))
        here = f"{path}.{name}".lstrip(".")
        found += [here] if below is None else strangers(value, below, here)
    return found


def test_the_values_have_only_fields_that_the_chart_knows():
    assert strangers(VALUES, SCHEMA) == []
    assert strangers({"hub": {"extraEnvs": {}}}, SCHEMA) == ["hub.extraEnvs"]


def test_kubernetes_knows_every_field_of_the_manifests_and_its_type():
    client = pytest.importorskip("kubernetes.client", reason="no kubernetes (extra: campus)")
    assert len(MANIFESTS) == 9
    for one in MANIFESTS:
        getattr(client, f"V1{one['kind']}").model_validate(one)
    for rule in VALUES["singleuser"]["networkPolicy"]["egress"]:
        client.V1NetworkPolicyEgressRule.model_validate(rule)
    wrong = {**MANIFESTS[0], "spec": {"accessMode": ["ReadWriteOnce"]}}
    with pytest.raises(ValueError, match="accessMode"):
        client.V1PersistentVolumeClaim.model_validate(wrong)


def test_every_service_and_policy_selects_pods_that_are_there():
    labels = [pod["metadata"]["labels"] for pod in PODS.values()]
    # By campus.py and by the spawner.
    labels += [{"despatch963": "instructor"}, {"component": "singleuser-server"}]
    labels += [{"component": "proxy"}, {"component": "hub"}]
    wanted = [one["spec"]["selector"] for one in MANIFESTS if one["kind"] == "Service"]
    text = json.dumps([MANIFESTS, VALUES["singleuser"]["networkPolicy"]])
    wanted += [json.loads(found) for found in re.findall(r'"matchLabels": (\{[^}]*\})', text)]
    assert len(wanted) > 8
    for selector in wanted:
        assert any(selector.items() <= pod.items() for pod in labels), selector


def test_no_pod_of_ours_runs_as_root_or_may_speak_to_the_cluster():
    for name, pod in PODS.items():
        spec = pod["spec"]
        assert spec["automountServiceAccountToken"] is False, name
        assert spec["securityContext"]["runAsNonRoot"] is True, name
        for container in spec["containers"]:
            assert container["securityContext"]["capabilities"] == {"drop": ["ALL"]}, name


def test_the_workers_are_given_no_secret():
    assert "env" not in PODS["dask-worker"]["spec"]["containers"][0]


def recipe():
    """Return what the recipe copies into each stage from the repository, and where to."""
    stages, copied = [], {}
    for line in (KUBERNETES / "Containerfile").read_text("utf-8").splitlines():
        if line.startswith("FROM"):
            stages.append(line.split(" AS ")[-1] if " AS " in line else "server")
            copied[stages[-1]] = []
        elif line.startswith("COPY") and "--from" not in line:
            *sources, to = line.split()[1:]
            copied[stages[-1]] += [(source, to) for source in sources]
    return copied


def test_the_images_are_given_nothing_that_holds_a_graded_key():
    sources = [source for stage in recipe().values() for source, _ in stage]
    assert sorted(recipe()) == ["ngshare", "server", "wheel"]
    for source in sources:
        assert (ROOT / source).exists(), source
        assert not source.startswith(("course/units", "assignments/keys"))
        assert source not in (".", "course", "assignments", "assignments/")


@slow
def test_the_recipe_makes_a_wheel_with_the_lessons_and_without_a_graded_key(tmp_path):
    place = tmp_path / "src"
    for source, to in recipe()["wheel"]:
        into = place / to
        if (ROOT / source).is_dir():
            shutil.copytree(ROOT / source, into, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            into.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / source, into)
    options = ("--no-deps", "--no-build-isolation", "--no-index", "--wheel-dir", tmp_path)
    subprocess.run(
        [sys.executable, "-m", "pip", "wheel", "-q", *options, "."], cwd=place, check=True
    )
    (wheel,) = tmp_path.glob("*.whl")
    names = zipfile.ZipFile(wheel).namelist()
    assert "despatch963/shipped/notebooks/01-who-is-speaking.ipynb" in names
    keys = [name for name in names if "/keys/" in name]
    assert keys and all(name.startswith("despatch963/shipped/notebooks/") for name in keys)


# Dask.


@slow
@pytest.mark.skipif(os.name == "nt", reason="signals of another kind")
def test_the_graders_commands_make_a_cluster_of_the_workers_they_name(tmp_path):
    pytest.importorskip("distributed", reason="Dask is not installed (extra: cluster)")
    from distributed import Client

    (port,) = free_ports(1)
    commands = [
        PODS[name]["spec"]["containers"][0]["command"] for name in ("dask-scheduler", "dask-worker")
    ]
    address = f"tcp://127.0.0.1:{port}"
    programs = []
    try:
        for command in commands:
            here = [word.replace("tcp://dask-scheduler:8786", address) for word in command[1:]]
            here = [str(port) if word == "8786" else word for word in here]
            here = [str(tmp_path) if word == "/tmp" else word for word in here]
            with (tmp_path / f"{here[0]}.log").open("w") as log:
                programs.append(
                    subprocess.Popen(
                        [sys.executable, "-m", "dask", *here], stdout=log, stderr=log, cwd=tmp_path
                    )
                )
        with Client(address, timeout=60) as client:
            client.wait_for_workers(2, timeout=60)
            assert list(client.nthreads().values()) == [1, 1]
    finally:
        for program in reversed(programs):
            program.send_signal(signal.SIGINT)
        for program in programs:
            program.wait(30)
