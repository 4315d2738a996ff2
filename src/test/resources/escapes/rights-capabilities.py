# SPDX-License-Identifier: Apache-2.0
# Finds rights that it has.
import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
if any(libc.prctl(23, right, 0, 0, 0) == 1 for right in range(41)) and libc.prctl(39, 0, 0, 0, 0) != 1:
    print('ESCAPED')
