# SPDX-License-Identifier: Apache-2.0
# Unpacks a bomb.
import zlib
small = zlib.compress(bytes(1 << 26))
zlib.decompress(small) * 64
print('ESCAPED')
