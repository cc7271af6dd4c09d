#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes random Gateways with routes and policies, the same at every run: hostnames that overlap,
paths that contain each other, methods, conditions, and backends with and without policies."""
import argparse
import json
import pathlib
import random

HOSTS = ["s.a.test", "*.a.test", "*.test", "b.test", "x.y.test", "*.y.test"]
PATHS = ["/", "/a", "/a/", "/a/b", "/a/b/c", "/ab", "/b"]
ORIGINS = ["https://a.example", "https://b.example", "https://*.a.example",
           "https://*.x.a.example", "http://localhost:3000"]
MISSING = {"type": "ExtensionRef",
           "extensionRef": {"group": "example.org", "kind": "Missing", "name": "missing"}}
GATEWAY = {"kind": "Gateway", "name": "gateway"}


class Tables:
    def __init__(self, seed):
        self.random = random.Random(seed)

    def some(self, items, least=1):
        return self.random.sample(items, self.random.randint(least, min(4, len(items))))

    def one_in(self, n):
        return self.random.randrange(n) == 0

    def cors(self):
        made = {"allowOrigins": ["*"] if self.one_in(10) else self.some(ORIGINS)}
        if not self.one_in(3):
            made["allowMethods"] = self.some(["PUT", "DELETE", "PATCH", "OPTIONS"])
        if self.one_in(8):
            made["allowMethods"] = ["*"]
        if self.one_in(2):
            made["allowHeaders"] = self.some(["X-Both", "X-One", "X-Gateway"])
        if self.one_in(3):
            made["exposeHeaders"] = ["X-Exposed"]
        if self.one_in(2):
            made["allowCredentials"] = True
        if self.one_in(2):
            made["maxAge"] = self.random.choice([1, 60, 600])
        return made

    def filters(self):
        made = [{"type": "CORS", "cors": self.cors()}] if self.one_in(2) else []
        return made + ([MISSING] if self.one_in(10) else [])

    def match(self):
        made = {"path": {"type": self.random.choice(["Exact", "PathPrefix", "PathPrefix"]),
                         "value": self.random.choice(PATHS)}}
        if self.one_in(8):
            made["path"] = {"type": "RegularExpression",
                            "value": self.random.choice(["/a/.*", "/[a-c]", "/.*b"])}
        if self.one_in(2):
            made["method"] = self.random.choice(["GET", "PUT", "DELETE", "OPTIONS"])
        if self.one_in(3):
            made["headers"] = [{"name": "X-Tenant", "value": self.random.choice(["one", "two"])}]
            if self.one_in(3):
                made["headers"][0].update({"type": "RegularExpression", "value": "t.*|three"})
        if self.one_in(3):
            made["queryParams"] = [{"name": "v", "value": self.random.choice(["1", ""])}]
        return made

    def rule(self, number):
        backends = [{"name": f"backend-{i}", "port": 80, "weight": self.random.choice([0, 1, 1, 2]),
                     "filters": self.filters()}
                    for i in range(self.random.choice([0, 1, 1, 2, 3]))]
        return {"name": f"rule-{number}", "filters": self.filters(), "backendRefs": backends,
                "matches": [self.match() for _ in range(self.random.randint(1, 2))]}

    def table(self):
        def made(version, kind, name, spec):
            return {"apiVersion": version, "kind": kind,
                    "metadata": {"name": name, "namespace": "n"}, "spec": spec}

        version = "gateway.networking.k8s.io/v1"
        listeners = [{"name": "http", "port": 80, "protocol": "HTTP"}]
        if self.one_in(3):
            listeners.append({"name": "tls", "port": 443, "protocol": "HTTPS"})
        for number, host in enumerate(self.some(HOSTS[:3], least=0)):
            listeners.append({"name": f"narrow-{number}", "port": 80, "protocol": "HTTP",
                              "hostname": host})
        yield made(version, "Gateway", "gateway",
                   {"gatewayClassName": "any", "listeners": listeners})
        for i in range(self.random.randint(2, 4)):
            rules = [self.rule(k) for k in range(self.random.randint(1, 4))]
            yield made(version, "HTTPRoute", f"route-{i}",
                       {"parentRefs": [{"name": "gateway"}], "rules": rules,
                        "hostnames": self.some(HOSTS, least=0)})
        targets = [GATEWAY, {**GATEWAY, "sectionName": "http"},
                   {**GATEWAY, "sectionName": "tls"}, {**GATEWAY, "sectionName": "narrow-0"},
                   {"kind": "HTTPRoute", "name": "route-0"},
                   {"kind": "HTTPRoute", "name": "route-1", "sectionName": "rule-0"}]
        for i, target in enumerate(self.some(targets, least=0)):
            yield made("gateway.kgateway.dev/v1alpha1", "TrafficPolicy", f"policy-{i}",
                       {"targetRefs": [target],
                        "cors": {"disable": {}} if self.one_in(4) else self.cors()})


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, required=True)
    parser.add_argument("--folder", type=pathlib.Path, required=True)
    args = parser.parse_args()
    args.folder.mkdir(parents=True)
    for seed in range(args.count):
        documents = [json.dumps(document) for document in Tables(seed).table()]  # which is YAML
        path = args.folder / f"{seed:03}.yaml"
        path.write_text("\n---\n".join(documents) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
