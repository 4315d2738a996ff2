# SPDX-License-Identifier: Apache-2.0
# Makes a process without Python.
import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
if libc.vfork() >= 0:
    print('ESCAPED', flush=True)
    os._exit(0)
