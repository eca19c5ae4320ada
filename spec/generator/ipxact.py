"""Reads the memory map of an IP-XACT (IEEE 1685-2014) component; anything it does not know is an error."""
import xml.etree.ElementTree as ElementTree
from dataclasses import dataclass

from .strict_yaml import SpecError

NAMESPACE = "{http://www.accellera.org/XMLSchema/IPXACT/1685-2014}"
PRESENT = ("effects", "controller")
ACCESS = {"read-only": "RO", "read-write": "RW", "write-only": "WO"}


@dataclass
class Field:
    """Bits [lsb + width - 1 : lsb]; reset None means a constant or a counter; minimum .. maximum may be written."""
    name: str
    description: str
    lsb: int
    width: int
    reset: object
    minimum: int
    maximum: int
    one_to_clear: bool

    @property
    def mask(self):
        """The field's bits, in place."""
        return ((1 << self.width) - 1) << self.lsb


@dataclass
class Register:
    """A 32-bit register; access is RO, RW, WO or W1C."""
    name: str
    description: str
    offset: int
    access: str
    fields: list
    needs: str      # key of the configuration without which it does not exist, or nothing
    index: int      # of equal registers side by side (dim), 0 for the first ...
    count: int      # ... of so many

    @property
    def reset(self):
        """Value after reset of the fields that have one."""
        return sum((f.reset or 0) << f.lsb for f in self.fields)


@dataclass
class Window:
    """A range of memory words."""
    name: str
    description: str
    base: int
    size: int
    access: str
    needs: str


def _children(path, element, known):
    """The element's children as {tag: text or [elements]}, each of them known."""
    values = {}
    for child in element:
        tag = child.tag.replace(NAMESPACE, "")
        if tag not in known:
            raise SpecError(f"{path}: unknown element '{tag}' in '{element.tag.replace(NAMESPACE, '')}'")
        values.setdefault(tag, []).append(child)
    for tag, required in known.items():
        if required and tag not in values:
            where = element.findtext(NAMESPACE + "name", "?")
            raise SpecError(f"{path}: element '{tag}' is missing in '{where}'")
    return values


def _text(values, tag):
    return values[tag][0].text.strip()


def _number(path, values, tag):
    try:
        return int(_text(values, tag), 0)
    except ValueError as error:
        raise SpecError(f"{path}: element '{tag}': {error}") from error


def _needs(path, values):
    """The key of the configuration that must be 1 for the element to be there, or nothing."""
    if "isPresent" not in values:
        return ""
    if _text(values, "isPresent") not in PRESENT:
        raise SpecError(f"{path}: '{_text(values, 'name')}': isPresent must be one of {', '.join(PRESENT)}")
    return _text(values, "isPresent")


def _field(path, element):
    v = _children(path, element, {
        "name": True, "description": True, "bitOffset": True, "resets": False, "bitWidth": True,
        "modifiedWriteValue": False, "writeValueConstraint": False})
    width = _number(path, v, "bitWidth")
    reset = None
    if "resets" in v:
        reset = int(v["resets"][0].find(f"{NAMESPACE}reset/{NAMESPACE}value").text, 0)
    low, high = 0, (1 << width) - 1
    if "writeValueConstraint" in v:
        limits = _children(path, v["writeValueConstraint"][0], {"minimum": True, "maximum": True})
        low, high = _number(path, limits, "minimum"), _number(path, limits, "maximum")
    clear = "modifiedWriteValue" in v
    if clear and _text(v, "modifiedWriteValue") != "oneToClear":
        raise SpecError(f"{path}: field '{_text(v, 'name')}': only oneToClear is supported")
    return Field(_text(v, "name"), _text(v, "description"), _number(path, v, "bitOffset"), width, reset, low, high,
                 clear)


def _registers(path, element):
    """The register, or as many side by side as `dim` says, numbered from 0."""
    v = _children(path, element, {
        "name": True, "isPresent": False, "description": True, "dim": False, "addressOffset": True,
        "size": True, "access": True, "field": True})
    fields = sorted((_field(path, child) for child in v["field"]), key=lambda f: f.lsb)
    name, used = _text(v, "name"), 0
    for fld in fields:
        if fld.mask >> 32 or used & fld.mask:
            raise SpecError(f"{path}: field '{fld.name}' of register '{name}' overlaps or leaves the register")
        used |= fld.mask
    access = "W1C" if any(f.one_to_clear for f in fields) else ACCESS[_text(v, "access")]
    offset, count = _number(path, v, "addressOffset"), _number(path, v, "dim") if "dim" in v else 1
    return [Register(f"{name}{i}" if count > 1 else name, _text(v, "description"), offset + 4 * i, access, fields,
                     _needs(path, v), i, count) for i in range(count)]


def _block(path, element, registers, windows):
    v = _children(path, element, {
        "name": True, "isPresent": False, "description": True, "baseAddress": True, "range": True, "width": True, "usage": True,
        "access": False, "register": False})
    base, size = _number(path, v, "baseAddress"), _number(path, v, "range")
    if _text(v, "usage") == "memory":
        windows.append(Window(_text(v, "name"), _text(v, "description"), base, size, ACCESS[_text(v, "access")],
                              _needs(path, v)))
        return
    for reg in [reg for child in v.get("register", []) for reg in _registers(path, child)]:
        reg.offset += base
        if reg.offset % 4 or reg.offset >= base + size or any(r.offset == reg.offset for r in registers):
            raise SpecError(f"{path}: register '{reg.name}': offset {reg.offset:#x} is taken, odd or outside")
        registers.append(reg)


def read_memory_map(path):
    """Returns (registers by offset, windows by base, version text)."""
    try:
        root = ElementTree.parse(path).getroot()
    except ElementTree.ParseError as error:
        raise SpecError(f"{path}: not XML: {error}") from error
    v = _children(path, root, {"vendor": True, "library": True, "name": True, "version": True, "memoryMaps": True})
    registers, windows = [], []
    memory_map = v["memoryMaps"][0].find(NAMESPACE + "memoryMap")
    parts = _children(path, memory_map, {"name": True, "addressBlock": True, "addressUnitBits": True})
    for element in parts["addressBlock"]:
        _block(path, element, registers, windows)
    return sorted(registers, key=lambda r: r.offset), sorted(windows, key=lambda w: w.base), _text(v, "version")
