"""YAML mappings with every key checked; an error names file:line:column and the key."""
import yaml


class SpecError(Exception):
    """A specification file says something that cannot be used."""


TEXTS = "a name-to-text table"


def load_mapping(path, keys):
    """Reads a mapping whose keys are exactly `keys`: {name: type}, where the type is int, str, dict for a name-to-integer
    table, TEXTS for a name-to-text table, or such a mapping itself."""
    with open(path, encoding="utf-8") as stream:
        try:
            node = yaml.compose(stream, Loader=yaml.SafeLoader)
        except yaml.YAMLError as error:
            raise SpecError(f"{path}: not YAML: {error}") from error
    return _mapping(path, node, keys, "")


def _at(path, node):
    return f"{path}:{node.start_mark.line + 1}:{node.start_mark.column + 1}" if node else path


def _mapping(path, node, keys, where, other=int):
    if not isinstance(node, yaml.MappingNode):
        raise SpecError(f"{_at(path, node)}: {where or 'the file'} must be a mapping")
    values = {}
    for key_node, value_node in node.value:
        key = key_node.value
        if key in values:
            raise SpecError(f"{_at(path, key_node)}: key '{key}' stands twice")
        if keys is not None and key not in keys:
            raise SpecError(f"{_at(path, key_node)}: unknown key '{key}'; known: {', '.join(keys)}")
        kind = other if keys is None else keys[key]
        if kind is dict or kind is TEXTS:
            values[key] = _mapping(path, value_node, None, f"'{key}'", int if kind is dict else str)
        elif isinstance(kind, dict):
            values[key] = _mapping(path, value_node, kind, f"'{key}'")
        else:
            values[key] = _scalar(path, key, value_node, kind)
    for key in keys or ():
        if key not in values:
            raise SpecError(f"{path}: key '{key}' is missing")
    return values


def _scalar(path, key, node, kind):
    value = yaml.SafeLoader("").construct_object(node) if isinstance(node, yaml.ScalarNode) else None
    if type(value) is not kind:
        raise SpecError(f"{_at(path, node)}: '{key}' must be {'an integer' if kind is int else 'text'}")
    return value
