# SPDX-License-Identifier: Apache-2.0
# Takes memory piece by piece.
pieces = []
while len(pieces) < 2048:
    pieces.append(bytearray(1 << 20))
print('ESCAPED')
