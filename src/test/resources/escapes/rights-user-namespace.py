# SPDX-License-Identifier: Apache-2.0
# Makes a world where it is root.
import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
if libc.unshare(0x10000000) == 0:
    print('ESCAPED')
