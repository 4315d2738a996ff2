# SPDX-License-Identifier: Apache-2.0
# Keeps memory that is nobody's.
import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
if libc.shmget(0, 1 << 20, 0o1600) >= 0:
    print('ESCAPED')
