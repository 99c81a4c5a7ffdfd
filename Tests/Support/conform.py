"""Validates files against a JSON Schema: conform.py SCHEMA FILE…

Prints a JSON object with a list of problems for each file. Scalars are resolved by the core schema of YAML 1.2, as in
editors, not by PyYAML's YAML 1.1: `yes` is a text, and 0640 is a decimal number.
"""
import json
import re
import sys

import jsonschema
import yaml


class CoreLoader(yaml.SafeLoader):
    yaml_implicit_resolvers = {}

    def construct_mapping(self, node, deep=False):
        # Keys are kept as text, even if they look like numbers.
        return {key.value: self.construct_object(value, deep=True) for key, value in node.value}


def scalar(tag, pattern, first, construct):
    tag = "tag:yaml.org,2002:" + tag
    CoreLoader.add_implicit_resolver(tag, re.compile(f"^(?:{pattern})$"), first)
    CoreLoader.add_constructor(tag, lambda loader, node: construct(node.value))


scalar("null", "|~|null|Null|NULL", ["", "~", "n", "N"], lambda text: None)
scalar("bool", "true|True|TRUE|false|False|FALSE", list("tTfF"), lambda text: text.lower() == "true")
scalar("int", "[-+]?[0-9]+", list("-+0123456789"), int)
scalar("float", r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?", list("-+.0123456789"), float)

schema = json.load(open(sys.argv[1], encoding="utf-8"))
jsonschema.Draft202012Validator.check_schema(schema)
validator = jsonschema.Draft202012Validator(schema)
found = {}
for name in sys.argv[2:]:
    lab = yaml.load(open(name, encoding="utf-8"), CoreLoader)
    found[name] = [f"{error.json_path}: {error.message}" for error in validator.iter_errors(lab)]
json.dump(found, sys.stdout)
