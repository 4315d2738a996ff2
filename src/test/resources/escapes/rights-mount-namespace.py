# SPDX-License-Identifier: Apache-2.0
# Makes a world with other mounts.
import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
if libc.unshare(0x00020000) == 0:
    print('ESCAPED')
