#!/usr/bin/env python3
"""Holds every #include between rooms against the layers of src/README.md. Prints what points up or sideways; exit 1 then."""
import pathlib, re, sys
root = pathlib.Path(__file__).resolve().parent.parent
rows = re.findall(r'^\| (\d+) \| ((?:`\w+` ?)+)\|', (root / 'src/README.md').read_text(), re.M)
layer = {room: int(number) for number, rooms in rows for room in re.findall(r'\w+', rooms)}
bad = []
for path in sorted((root / 'src').rglob('*')):
    if path.suffix not in ('.cc', '.h'): continue
    room = path.relative_to(root / 'src').parts[0]
    text = path.read_text()
    for target in re.findall(r'#include "(\w+)/', text):
        if target != room and layer.get(target, 99) >= layer[room]: bad.append(f'{path.relative_to(root)}: {room} must not see {target}')
    for header, owner in (('event2/', 'net'), ('CLI/', 'app')):
        if f'#include <{header}' in text and room != owner: bad.append(f'{path.relative_to(root)}: <{header}...> belongs in {owner}')
print('\n'.join(bad) or f'{len(layer)} rooms, every arrow points down')
sys.exit(bool(bad))
