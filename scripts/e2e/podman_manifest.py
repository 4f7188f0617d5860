"""Kubernetes manifests as podman 4.3 plays them: standard input to standard output.

That podman has no native sidecars (it waits for the end of an init container) and no startup probes, and leaves other probes to systemd: the sidecar becomes
the first of the containers, and whoever tests runs the probe's command. It mounts a secret's base64 as it is: secrets become maps. It publishes every port of
a container: they are left out, as are services and spreading over nodes. All else stays as it is.
"""
import base64
import sys

import yaml

for document in yaml.safe_load_all(sys.stdin):
    if document["kind"] == "Service":
        continue
    if document["kind"] == "Secret":
        document["kind"] = "ConfigMap"
        document.pop("type", None)
        document["data"] = {key: base64.b64decode(value).decode() for key, value in document["data"].items()}
    if document["kind"] == "Deployment":
        spec = document["spec"]["template"]["spec"]
        spec.pop("topologySpreadConstraints", None)
        sidecars = [c for c in spec.pop("initContainers", []) if c.pop("restartPolicy", None) == "Always"]
        spec["containers"] = sidecars + spec["containers"]
        for container in spec["containers"]:
            for key in ("ports", "startupProbe", "readinessProbe"):
                container.pop(key, None)
        for volume in spec.get("volumes", []):
            if "secret" in volume:
                volume["configMap"] = {"name": volume.pop("secret")["secretName"], "optional": False}
    print("---")
    yaml.safe_dump(document, sys.stdout)
