#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Puts the same requests to a real Envoy that corsac has decided, and compares what a browser would
make of the answers, and every CORS header; of exported tables also which rule and backend got the
request. Every difference must bear one of the names below."""
import argparse
import collections
import http.client
import http.server
import json
import pathlib
import re
import subprocess
import sys
import tempfile
import threading
import time

# Differences that are Envoy's, each with the reason.
NAMES = {
    "200": "Envoy answers preflights with 200, corsac with 204",
    "no Vary": "Envoy says nowhere that an answer depends on Origin",
    "origin for *": "Envoy repeats the origin where corsac says *",
    "silent without Origin": "corsac says * to everybody, so that caches may share the response",
    "pinned": "what the policy leaves empty has a harmless value in Envoy, lest it be inherited",
    "names as received": "Envoy repeats the requested names as they are, corsac sorts out and folds",
    "empty list": "Envoy repeats an absent list of requested names as an empty field",
    "lists unchecked": "Envoy grants any method and header, and leaves the verdict to the browser",
    "lists when refused": "Envoy tells the lists also to a refused origin, with 200",
    "network when refused": "Envoy grants private networks also to a refused origin",
    "upstream headers stay": "Envoy removes no header that the application wrote",
}
PINS = {"access-control-allow-methods": "GET, HEAD, POST", "access-control-allow-headers": "Origin",
        "access-control-expose-headers": "Content-Type", "access-control-max-age": "5"}
ORIGIN, CREDENTIALS = "access-control-allow-origin", "access-control-allow-credentials"
METHODS, HEADERS = "access-control-allow-methods", "access-control-allow-headers"
NETWORK = "access-control-allow-private-network"
SECONDS = 900  # for everything
NOWHERE = "corsac_nowhere"


class Backend(http.server.BaseHTTPRequestHandler):
    """Answers 200, with the headers that the request itself names."""
    protocol_version = "HTTP/1.1"

    def answer(self):
        self.send_response_only(200)
        for name, value in json.loads(self.headers.get("x-upstream", "{}")).items():
            self.send_header(name, value)
        self.send_header("x-from", "backend")
        self.send_header("content-length", "0")
        self.end_headers()

    do_GET = do_POST = do_PUT = do_DELETE = do_OPTIONS = answer

    def log_message(self, *_):
        pass


def clusters_of(configuration):
    """The clusters that a route configuration names, but for the one that is not to exist."""
    names = set()
    for host in configuration.get("virtual_hosts", configuration.get("virtualHosts", [])):
        for route in host["routes"]:
            action = route.get("route", {})
            weighted = action.get("weighted_clusters", action.get("weightedClusters", {}))
            names.update(c["name"] for c in weighted.get("clusters", []))
            names.add(action.get("cluster", NOWHERE))
    return names - {NOWHERE}


def envoy_config(given, tables, backend_port):
    """One listener on a free port of this machine, with one route for each policy and one virtual
    host for each pair of Envoy's own; and one listener for each exported route configuration."""
    def address(port):
        return {"socket_address": {"address": "127.0.0.1", "port_value": port}}

    types = "type.googleapis.com/envoy.extensions.filters"
    def route(prefix, config):
        return {"match": {"prefix": prefix}, "route": {"cluster": "backend"},
                "typed_per_filter_config": config}

    hosts = [{"name": "all", "domains": ["*"],
              "routes": [route(p["path"], p["config"]) for p in given["policies"]]}]
    hosts += [{"name": t["host"], "domains": [t["host"]], "routes": [route("/", t["route"])],
               "typed_per_filter_config": t["virtual_host"]} for t in given["twins"]]
    # Above them all stands a policy that allows everybody: inheriting from it would show.
    above = {"typed_per_filter_config": given["above"], "virtual_hosts": hosts}
    # Every response, Envoy's own ones, too, says which route and cluster it is from.
    marks = [{"append": {"header": {"key": key, "value": value},
                         "append_action": "OVERWRITE_IF_EXISTS_OR_ADD"}}
             for key, value in (("x-route", "%ROUTE_NAME%"), ("x-cluster", "%UPSTREAM_CLUSTER%"))]

    def listener(name, routes):
        manager = {
            "@type": f"{types}.network.http_connection_manager.v3.HttpConnectionManager",
            "stat_prefix": "cors",
            "route_config": routes,
            "http_filters": [
                {"name": "envoy.filters.http.header_mutation",
                 "typed_config": {
                     "@type": f"{types}.http.header_mutation.v3.HeaderMutation",
                     "mutations": {"response_mutations": marks}}},
                {"name": "envoy.filters.http.cors",
                 "typed_config": {"@type": f"{types}.http.cors.v3.Cors"}},
                {"name": "envoy.filters.http.router",
                 "typed_config": {"@type": f"{types}.http.router.v3.Router"}}]}
        return {"name": name, "address": address(0), "filter_chains": [
            {"filters": [{"name": "envoy.filters.network.http_connection_manager",
                          "typed_config": manager}]}]}

    listeners, clusters = [listener("policies", above)], {"backend"}
    for number, configuration in enumerate(tables["configurations"]):
        clusters |= clusters_of(configuration)
        for host in configuration.get("virtualHosts", []):
            host.pop("requireTls", None)  # what is asked here is how requests go on behind it
        listeners.append(listener(str(number), configuration))
    return {
        "admin": {"address": address(0)},
        "static_resources": {
            "listeners": listeners,
            "clusters": [{"name": name, "type": "STATIC", "load_assignment": {
                "cluster_name": name, "endpoints": [{"lb_endpoints": [
                    {"endpoint": {"address": address(backend_port)}}]}]}}
                for name in sorted(clusters)]}}


def wait_for_ports(process, admin_file, log):
    """Envoy's own ports by the names of the listeners, once it serves."""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline and process.poll() is None:
        try:
            host, port = admin_file.read_text().strip().rsplit(":", 1)
            admin = http.client.HTTPConnection(host, int(port), timeout=5)
            admin.request("GET", "/listeners?format=json")
            statuses = json.load(admin.getresponse())["listener_statuses"]
            return {status["name"]: status["local_address"]["socket_address"]["port_value"]
                    for status in statuses}
        except (OSError, ValueError, KeyError, IndexError):
            time.sleep(0.1)
    sys.exit("Envoy did not start:\n" + log.read_text(errors="replace")[-4000:])


def ask(connection, case):
    connection.putrequest(case["method"], case["path"], skip_host=True, skip_accept_encoding=True)
    connection.putheader("host", case.get("host", "any.example"))
    for name, value in case["headers"].items():
        connection.putheader(name, value)
    connection.putheader("x-upstream", json.dumps(case.get("upstream", {})))
    if case["method"] in ("POST", "PUT"):
        connection.putheader("content-length", "0")
    connection.endheaders()
    response = connection.getresponse()
    response.read()
    fields = collections.defaultdict(list)
    for name, value in response.getheaders():
        fields[name.lower()].append(value)
    marks = {mark: fields.get(mark, [""])[0].strip("-") for mark in ("x-route", "x-cluster")}
    return {"status": response.status, "answered": "x-from" not in fields, **marks,
            "headers": {name: values[0] if len(values) == 1 else values
                        for name, values in fields.items()
                        if name.startswith("access-control-") or name == "vary"}}


def elements(value):
    return [item.strip() for item in (value or "").split(",") if item.strip()]


def verdict(case, answer, with_credentials):
    """Whether a browser would go on: Fetch's CORS check, and for a preflight its lists."""
    fields, asked = answer["headers"], case["headers"]
    origin = fields.get(ORIGIN)
    if origin != asked.get("origin") and (origin != "*" or with_credentials):
        return False
    if with_credentials and fields.get(CREDENTIALS) != "true":
        return False
    if not case["preflight"]:
        return True
    if not 200 <= answer["status"] <= 299:
        return False
    method = asked["access-control-request-method"]
    methods = elements(fields.get(METHODS))
    if method not in ("GET", "HEAD", "POST") and method not in methods:
        if "*" not in methods or with_credentials:
            return False
    names = {name.lower() for name in elements(fields.get(HEADERS))}
    for name in elements(asked.get("access-control-request-headers")):
        wildcard = "*" in names and not with_credentials and name.lower() != "authorization"
        if name.lower() not in names and not wildcard:
            return False
    return True


def differences(case, ours, envoy):
    """The names of all differences, and those that have none."""
    found, unnamed = set(), []
    mine, theirs = ours["headers"], envoy["headers"]
    granted = ours["outcome"] == "allowed"
    refused_origin = not granted and ours["outcome"] not in (
        "not_cors", "method_not_allowed", "header_not_allowed")
    unchecked = not granted and not refused_origin and ours["outcome"] != "not_cors"

    if ours["status"] != envoy["status"]:
        if case["preflight"] and envoy["status"] == 200 and envoy["answered"]:
            found.add("200" if granted else "lists unchecked" if unchecked else "lists when refused")
        else:
            unnamed.append(f"status {ours['status']} and {envoy['status']}")
    for name in sorted(set(mine) | set(theirs)):
        a, b = mine.get(name), theirs.get(name)
        if a == b:
            continue
        if name == "vary" and b is None:
            found.add("no Vary")
        elif not envoy["answered"] and a is None and b == case["upstream"].get(name):
            found.add("upstream headers stay")
        elif name == ORIGIN and a == "*" and b == case["headers"].get("origin"):
            found.add("origin for *")
        elif a is not None and b is None and ours["outcome"] == "not_cors":
            found.add("silent without Origin")
        elif a == "*" and ours["outcome"] == "not_cors" and b == case["upstream"].get(name):
            found.add("upstream headers stay")
        elif case["preflight"] and unchecked and a is None:
            found.add("lists unchecked")
        elif case["preflight"] and refused_origin and a is None and name != ORIGIN:
            found.add("network when refused" if name == NETWORK else "lists when refused")
        elif a is None and name in PINS and b == PINS[name]:
            found.add("pinned")
        elif name == HEADERS and a is None and b == "":
            found.add("empty list")
        elif name == HEADERS and b == case["headers"].get("access-control-request-headers") and \
                a == ",".join(dict.fromkeys(item.lower() for item in elements(b))):
            found.add("names as received")
        else:
            unnamed.append(f"{name}: {a!r} and {b!r}")
    for with_credentials in (False, True):
        if verdict(case, ours, with_credentials) == verdict(case, envoy, with_credentials):
            continue
        if not envoy["answered"] and case["upstream"].get(ORIGIN) is not None:
            found.add("upstream headers stay")
        else:
            unnamed.append(f"verdict {'with' if with_credentials else 'without'} credentials")
    return found, unnamed


def twin_differences(ours, envoy):
    """corsac's twin of Envoy's filter has no difference at all."""
    if ours["status"] == envoy["status"] and ours["headers"] == envoy["headers"]:
        return set(), []
    return set(), ["not what the twin says"]


def kgateway_differences(case, envoy):
    """None either: route, cluster, status and every header are those of one of the answers that the
    twin gives, one for each backend that may be drawn."""
    found = re.search(r"-httproute-(.*)-matcher-\d+$", envoy["x-route"])
    rule = found.group(1) if found else ""
    wrong = [] if rule == case["rule"] else [f"rule {case['rule']!r} and {rule!r}"]
    answer = {"cluster": "" if envoy["answered"] else envoy["x-cluster"],
              "status": envoy["status"], "headers": envoy["headers"]}
    return set(), wrong + ([] if answer in case["any_of"] else ["not what the twin says"])


def table_differences(case, envoy):
    """Of the answers for each backend, that for the one which Envoy chose."""
    rule = envoy["x-route"].removesuffix(" preflight").removesuffix(" refused")
    wrong = [] if rule == case["rule"] else [f"rule {case['rule']!r} and {rule!r}"]
    cluster = "" if envoy["answered"] else envoy["x-cluster"]
    if cluster not in case["ours"]:
        return set(), wrong + [f"backends {sorted(case['ours'])} and {cluster!r}"]
    found, unnamed = differences({**case, "upstream": {}}, case["ours"][cluster], envoy)
    return found, wrong + unnamed


def compare(cases, connections):
    counts, wrong, verdicts = collections.Counter(), 0, collections.Counter()
    for case in cases:
        envoy = ask(connections[str(case.get("configuration", "policies"))], case)
        if "twin" in case:
            found, unnamed = twin_differences(case["ours"], envoy)
            verdicts["answers equal to the twin's"] += not unnamed
        elif "any_of" in case:
            found, unnamed = kgateway_differences(case, envoy)
            verdicts["answers of kgateway's tables equal to the twin's"] += not unnamed
        elif "configuration" in case:
            found, unnamed = table_differences(case, envoy)
            verdicts["requests to tables"] += 1
            verdicts["requests to rules of tables"] += case["rule"] != ""
        else:
            found, unnamed = differences(case, case["ours"], envoy)
        counts.update(found)
        if "twin" not in case and "any_of" not in case and "origin" in case["headers"]:
            kind = "preflights" if case["preflight"] else "actual requests"
            allowed = verdict(case, envoy, False) or verdict(case, envoy, True)
            verdicts[f"{kind} {'allowed' if allowed else 'refused'}"] += 1
        if unnamed:
            wrong += 1
            print("WRONG:", "; ".join(unnamed), "\n  asked:", case["method"], case.get("host", ""),
                  case["path"], json.dumps(case["headers"]), "\n  corsac:", json.dumps(case.get("ours", case.get("any_of"))),
                  "\n  Envoy: ", json.dumps(envoy))
    print(", ".join(f"{count} {what}" for what, count in sorted(verdicts.items())))
    for name, why in NAMES.items():
        print(f"{counts[name]:5} × {name}: {why}")
    return wrong


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--envoy", required=True, help="the binary")
    parser.add_argument("--cases", required=True, help="what corsac_envoy_cases printed")
    parser.add_argument("--tables", required=True, help="what corsac_envoy_table_cases printed")
    args = parser.parse_args()
    given = json.loads(pathlib.Path(args.cases).read_text(encoding="utf-8"))
    tables = json.loads(pathlib.Path(args.tables).read_text(encoding="utf-8"))
    for case in given["cases"]:
        case.update({"path": case["path"] + "x", "host": case.get("twin", "any.example")})
    cases = given["cases"] + tables["cases"]

    backend = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Backend)
    threading.Thread(target=backend.serve_forever, daemon=True).start()
    with tempfile.TemporaryDirectory() as folder:
        config = pathlib.Path(folder, "envoy.json")
        config.write_text(json.dumps(envoy_config(given, tables, backend.server_port)))
        log = pathlib.Path(folder, "log")
        admin = pathlib.Path(folder, "admin")
        with log.open("wb") as output:
            process = subprocess.Popen(
                [args.envoy, "-c", str(config), "--admin-address-path", str(admin),
                 "--concurrency", "1", "--disable-hot-restart", "--log-level", "warning"],
                stdout=output, stderr=subprocess.STDOUT)
        # Whatever happens, Envoy does not outlive this.
        watchdog = threading.Timer(SECONDS, process.kill)
        watchdog.start()
        try:
            connections = {name: http.client.HTTPConnection("127.0.0.1", port, timeout=10)
                           for name, port in wait_for_ports(process, admin, log).items()}
            wrong = compare(cases, connections)
            for connection in connections.values():
                connection.close()
        finally:
            watchdog.cancel()
            process.terminate()
            try:
                process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                process.kill()
            backend.shutdown()
    total = len(cases)
    print(f"{len(given['policies'])} policies, {len(given['twins'])} pairs of Envoy's own, "
          f"{len(tables['configurations'])} exported route configurations, {total} requests:")
    print(f"{total - wrong} passed, {wrong} failed")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
