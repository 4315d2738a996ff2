# SPDX-License-Identifier: Apache-2.0
# Maps memory.
import mmap
mmap.mmap(-1, 1 << 32)
print('ESCAPED')
